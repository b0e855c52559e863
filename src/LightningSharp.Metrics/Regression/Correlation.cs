using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>Pearson's correlation from moments.</summary>
internal static class Correlation
{
    internal static Tensor Of(PairMoments m)
    {
        var free = m.Count.Plus(-1);
        var flat = m.XX.div(free).IsBelow(1e-12).logical_or(m.YY.div(free).IsBelow(1e-12));
        var value = m.XY.div(m.XX.mul(m.YY).sqrt()).clamp_min(Numbers.MinusOne).clamp_max(Numbers.One);
        return where(flat, Numbers.FilledLike(value, double.NaN), value);
    }
}
