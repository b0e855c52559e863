namespace LightningSharp.Logging;

/// <summary>What somebody outside the process asks of a running one, see <see cref="RunControl"/>.</summary>
[Flags]
public enum RunRequests
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Stop after the current batch with everything saved.</summary>
    Stop = 1,

    /// <summary>Write a checkpoint now and go on.</summary>
    Save = 2,
}
