using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How many of the labels ranked above each true label are true themselves.</summary>
/// <remarks>Mean over samples and their true labels j of |true labels scored ≥ j| / |labels scored ≥ j|; 1 for a sample without or with only true labels. G. Tsoumakas et al., 2010. Predictions: scores [N, L]; targets: 0 and 1.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MultilabelRankingAveragePrecision(int numLabels, bool validateArgs = true)
    : MultilabelRankingMetric(numLabels, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor PerSample(Tensor preds, Tensor target)
    {
        var isTrue = target.eq(Numbers.One);
        var above = preds.unsqueeze(1).ge(preds.unsqueeze(2)); // [N, j, k]: label k scores at least as high as j
        var precision = above.logical_and(isTrue.unsqueeze(1)).sum(2).to(float32).div(above.sum(2));
        var count = isTrue.sum(1);
        var mean = Numbers.SafeDivide(precision.mul(isTrue).sum(1), count);
        var trivial = count.eq(Numbers.Zero).logical_or(isTrue.all(1));
        return where(trivial, ones_like(mean), mean);
    }
}
