using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>Tensors as numbers of the host, for formulas that Compute evaluates there. Each is a device read.</summary>
internal static class HostRows
{
    internal static double[] Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.to(float64).cpu().contiguous().data<double>().ToArray();
    }

    internal static double[][] Of(Tensor values, int width) => [.. Of(values).Chunk(width)];
}
