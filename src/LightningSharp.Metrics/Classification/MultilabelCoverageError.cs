using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How far down the ranking one must go to cover all true labels.</summary>
/// <remarks>Mean over samples of the number of labels that score at least as high as the lowest true one; 0 for a sample without true labels. Predictions: scores [N, L]; targets: 0 and 1.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MultilabelCoverageError(int numLabels, bool validateArgs = true)
    : MultilabelRankingMetric(numLabels, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    protected override Tensor PerSample(Tensor preds, Tensor target)
    {
        var lowest = where(target.eq(Numbers.One), preds, Numbers.FilledLike(preds, double.PositiveInfinity)).amin([1L], keepdim: true);
        return preds.ge(lowest).sum(1).to(float32);
    }
}
