namespace LightningSharp.Plotting;

/// <summary>One line of a picture.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Step and value, as from <c>InMemoryLogger.Series</c>; values that are not finite become gaps.</param>
public sealed record Curve(string Name, IReadOnlyList<(long Step, double Value)> Points);
