namespace LightningSharp.Native;

/// <summary>Ends a trial step whose numbers would not stay equal in the layout under trial; never leaves the Trainer.</summary>
internal sealed class LayoutException() : Exception("The layout changes which elements random numbers fall on.");
