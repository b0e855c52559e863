using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>How many more pairs are in the same order than in the opposite one.</summary>
/// <remarks>τ_a = (C − D) / (n(n − 1)/2); τ_b = (C − D) / √((n₀ − ties_p)(n₀ − ties_t)); τ_c = 2 (C − D) / (n² (m − 1)/m). M. Kendall, 1938. Keeps all pairs; counted in O(n log n) on the host at Compute.</remarks>
/// <param name="variant">How ties enter.</param>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
public sealed class KendallRankCorrCoef(KendallVariant variant = KendallVariant.B, int numOutputs = 1)
    : PairListMetric(numOutputs)
{
    /// <summary>How ties enter.</summary>
    public KendallVariant Variant { get; } = variant;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    private protected override Tensor Score(Tensor preds, Tensor target)
    {
        var pairs = new KendallPairs(HostRows.Of(preds), HostRows.Of(target));
        return tensor(pairs.Tau(Variant), float64, preds.device);
    }
}
