using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>Pearson's correlation from moments.</summary>
internal static class Correlation
{
    internal static Tensor Of(PairMoments m)
    {
        var flat = (m.XX / (m.Count - 1)).lt(1e-12).logical_or((m.YY / (m.Count - 1)).lt(1e-12));
        var value = (m.XY / (m.XX * m.YY).sqrt()).clamp(-1, 1);
        return where(flat, full_like(value, double.NaN), value);
    }
}
