namespace LightningSharp.Diagnostics;

/// <summary>How close the process is to being killed for memory.</summary>
internal enum MemoryLevel
{
    /// <summary>Nothing to say.</summary>
    Normal,

    /// <summary>At least 85 % of the limit: tell the user once.</summary>
    Warn,

    /// <summary>At least 95 % of the limit: save and stop, exit code 75.</summary>
    Stop,
}
