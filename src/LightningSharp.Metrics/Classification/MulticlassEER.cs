using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The equal error rate: where as many positives are missed as negatives are taken, for several classes, each against the rest.</summary>
/// <remarks>(FPR + FNR) / 2 at the threshold where they differ least. Predictions: probabilities or logits [N, C, …]. Targets: labels [N, …].</remarks>
/// <param name="numClasses">How many classes there are.</param>
/// <param name="average">How the values become one; micro is not defined here.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MulticlassEER(
    int numClasses,
    Average average = Average.Macro,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MulticlassCurveMetric(numClasses, thresholds, ignoreIndex, validateArgs)
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
        : throw new ArgumentOutOfRangeException(nameof(average), average, "MulticlassEER has no micro average. Use Macro, Weighted or None.");
}
