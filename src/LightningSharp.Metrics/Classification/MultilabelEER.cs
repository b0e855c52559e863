using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The equal error rate: where as many positives are missed as negatives are taken, for several labels.</summary>
/// <remarks>(FPR + FNR) / 2 at the threshold where they differ least. Predictions: probabilities or logits [N, L, …]. Targets: 0 and 1.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="average">How the values become one; micro puts all labels in one pot.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MultilabelEER(
    int numLabels,
    Average average = Average.Macro,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MultilabelCurveMetric(numLabels, thresholds, ignoreIndex, validateArgs)
{
    /// <summary>How the values become one.</summary>
    public Average Average { get; } = NotMicro(average);

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var points = Points();
        var scores = stack(points.Select(p => CurveFormulas.EqualErrorRate(CurveFormulas.Roc(p))), 0);
        return CurveFormulas.Averaged(scores, stack(points.Select(p => p.Positives), 0), Average);
    }

    private static Average NotMicro(Average average) => average != Average.Micro
        ? average
        : throw new ArgumentOutOfRangeException(nameof(average), average, "MultilabelEER has no micro average. Use Macro, Weighted or None.");
}
