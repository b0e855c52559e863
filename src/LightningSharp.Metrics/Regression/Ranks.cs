using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>Ranks of numbers.</summary>
internal static class Ranks
{
    /// <summary>Ranks from 1, equal numbers sharing the mean of theirs.</summary>
    internal static Tensor Mean(Tensor values)
    {
        var (_, inverse, counts) = values.unique(sorted: true, return_inverse: true, return_counts: true);
        var ends = counts!.cumsum(0).to(float64); // asked for
        return ends.Minus(counts.to(float64).Plus(-1).div(Numbers.Two)).index_select(0, inverse!.flatten());
    }
}
