namespace LightningSharp;

/// <summary>Whether the Trainer uses one of libtorch's or the system's hidden engines.</summary>
public enum EngineMode
{
    /// <summary>Where it helps and results stay equal within rounding; given up without a word where it cannot work.</summary>
    Auto,

    /// <summary>Always; a warning says why where it cannot work.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}
