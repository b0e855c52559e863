using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>False- and true-positive rate at every threshold, for several labels.</summary>
/// <remarks>The tensor has shape [3, points] (binary) or [classes, 3, points] with the rows false-positive rate, true-positive rate, threshold; thresholds descend, shorter curves end with NaN. A rate without samples is 0. Predictions: probabilities or logits [N, L, …]. Targets: 0 and 1.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MultilabelROC(
    int numLabels,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MultilabelCurveMetric(numLabels, thresholds, ignoreIndex, validateArgs)
{
    /// <summary>The curves with their own lengths: one per class or label, one for a binary task. The caller's scope owns the tensors.</summary>
    public IReadOnlyList<Curve> ComputeCurves()
    {
        using var mode = no_grad();
        return [.. Points().Select(CurveFormulas.Roc)];
    }

    /// <summary>
    /// One curve for all labels: <see cref="Average.Micro"/> puts all decisions in one pot, <see cref="Average.Macro"/> takes the mean of the curves (its thresholds are NaN).
    /// The caller's scope owns the tensors.
    /// </summary>
    /// <exception cref="ArgumentException">Another way of averaging.</exception>
    public Curve ComputeAverage(Average average) => AverageOf(average, CurveFormulas.Roc, CurveFormulas.Roc, xIsSecond: false);

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Curve.Stacked(ComputeCurves());
}
