using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Count, confidence and right decisions per bin of confidence: constant memory, no device read.</summary>
internal static class CalibrationBins
{
    /// <summary>Sums of shape [3, bins + 1]; confidence 1 has a bin of its own. Samples that do not count are left out.</summary>
    internal static Tensor Sums(Tensor confidences, Tensor right, Tensor? counting, int bins)
    {
        var edges = linspace(0, 1, bins + 1, float32, confidences.device);
        var bin = searchsorted(edges, confidences.contiguous(), out_int32: false, right: true);
        if (counting is not null) bin = where(counting, bin, zeros_like(bin)); // bin 0 is below every confidence and dropped
        Tensor PerBin(Tensor values) => zeros(bins + 2, float64, bin.device).scatter_add_(0, bin, values.to(float64)).narrow(0, 1, bins + 1);
        return stack([PerBin(ones_like(bin)), PerBin(confidences), PerBin(right)], 0);
    }

    internal static Tensor Error(Tensor sums, CalibrationNorm norm)
    {
        var share = sums[0] / sums[0].sum();
        var gap = (Numbers.SafeDivide(sums[2], sums[0]) - Numbers.SafeDivide(sums[1], sums[0])).abs();
        var error = norm switch
        {
            CalibrationNorm.L1 => (gap * share).sum(),
            CalibrationNorm.L2 => (gap * gap * share).sum().sqrt(),
            _ => gap.max(),
        };
        return error.to(float32);
    }
}
