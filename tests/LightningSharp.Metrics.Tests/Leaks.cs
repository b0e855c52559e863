using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>Counts live tensors.</summary>
internal static class Leaks
{
    /// <summary>The count after the garbage of earlier tests is gone: its finalizers must not lower the count later.</summary>
    internal static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
