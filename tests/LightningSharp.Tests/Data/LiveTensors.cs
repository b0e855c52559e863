using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

internal static class LiveTensors
{
    /// <summary>Tensors alive after what earlier tests forgot has been finalized, so that it does not vanish in the middle of a count.</summary>
    public static long Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
