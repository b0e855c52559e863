using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The share of pairs of a true and a false label that are ranked the wrong way round.</summary>
/// <remarks>Mean over samples of |pairs where the false label scores at least as high| / |pairs|; 0 for a sample without such pairs. G. Tsoumakas et al., 2010. Predictions: scores [N, L]; targets: 0 and 1.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MultilabelRankingLoss(int numLabels, bool validateArgs = true)
    : MultilabelRankingMetric(numLabels, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    protected override Tensor PerSample(Tensor preds, Tensor target)
    {
        var isTrue = target.eq(Numbers.One);
        var wrong = preds.unsqueeze(1).ge(preds.unsqueeze(2)).logical_and(isTrue.unsqueeze(2)).logical_and(isTrue.logical_not().unsqueeze(1));
        var count = isTrue.sum(1);
        return Numbers.SafeDivide(wrong.sum([1, 2]), count.mul(isTrue.logical_not().sum(1)));
    }
}
