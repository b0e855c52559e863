namespace LightningSharp;

/// <summary>Whether libtorch may use kernels whose results differ from run to run.</summary>
public enum Determinism
{
    /// <summary>All kernels, the fastest first.</summary>
    Off,

    /// <summary>Only kernels whose results repeat; an operation that has none ends the run with an error.</summary>
    On,

    /// <summary>Kernels whose results repeat where there are some; an operation that has none is named on standard error by libtorch.</summary>
    Warn,
}
