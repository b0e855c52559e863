using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Precision and recall at every threshold, for several classes, each against the rest.</summary>
/// <remarks>The tensor has shape [3, points] (binary) or [classes, 3, points] with the rows precision, recall, threshold; thresholds ascend, the closing point (1, 0) has none (NaN). Recall without positives: NaN, binned 0. Predictions: probabilities or logits [N, C, …]. Targets: labels [N, …].</remarks>
/// <param name="numClasses">How many classes there are.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MulticlassPrecisionRecallCurve(
    int numClasses,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MulticlassCurveMetric(numClasses, thresholds, ignoreIndex, validateArgs)
{
    /// <summary>The curves with their own lengths: one per class or label, one for a binary task. The caller's scope owns the tensors.</summary>
    public IReadOnlyList<Curve> ComputeCurves()
    {
        using var mode = no_grad();
        return [.. Points().Select(p => CurveFormulas.PrecisionRecall(p, recallWithoutPositives: double.NaN))];
    }

    /// <summary>
    /// One curve for all classes: <see cref="Average.Micro"/> puts all decisions in one pot, <see cref="Average.Macro"/> takes the mean of the curves (its thresholds are NaN).
    /// The caller's scope owns the tensors.
    /// </summary>
    /// <exception cref="ArgumentException">Another way of averaging.</exception>
    public Curve ComputeAverage(Average average) => AverageOf(
        average, p => CurveFormulas.PrecisionRecall(p, recallWithoutPositives: double.NaN), p => CurveFormulas.PrecisionRecall(p, recallWithoutPositives: double.NaN), xIsSecond: true);

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Curve.Stacked(ComputeCurves());
}
