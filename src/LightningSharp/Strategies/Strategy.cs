using static TorchSharp.torch;

namespace LightningSharp.Strategies;

/// <summary>Where a run computes and with whom: the device of this process, and the world of processes. The default is one device in one process.</summary>
public abstract class Strategy
{
    /// <summary>The device of this process.</summary>
    public abstract Device Device { get; }

    /// <summary>Number of processes that train together.</summary>
    public virtual int WorldSize => 1;

    /// <summary>Index of this process among them.</summary>
    public virtual int GlobalRank => 0;

    /// <summary>True in the process that writes files and talks to people.</summary>
    public bool IsGlobalZero => GlobalRank == 0;
}
