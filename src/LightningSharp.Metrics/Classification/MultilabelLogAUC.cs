using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The area under the ROC curve over the logarithm of the false-positive rate within a range, for several labels.</summary>
/// <remarks>1 is perfect. Used where very few false positives are tolerable, as in virtual screening. Predictions: probabilities or logits [N, L, …]. Targets: 0 and 1.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="average">How the values become one; micro puts all labels in one pot.</param>
/// <param name="minFpr">The lower end of the range; above 0.</param>
/// <param name="maxFpr">The upper end of the range.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MultilabelLogAUC(
    int numLabels,
    Average average = Average.Macro,
    double minFpr = 0.001,
    double maxFpr = 0.1,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MultilabelCurveMetric(numLabels, thresholds, ignoreIndex, validateArgs)
{
    /// <summary>How the values become one.</summary>
    public Average Average { get; } = NotMicro(average);

    /// <summary>The lower end of the range; above 0.</summary>
    public double MinFpr { get; } = minFpr;

    /// <summary>The upper end of the range.</summary>
    public double MaxFpr { get; } = maxFpr;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var points = Points();
        var scores = stack(points.Select(p => CurveFormulas.LogArea(CurveFormulas.Roc(p), MinFpr, MaxFpr)), 0);
        return CurveFormulas.Averaged(scores, stack(points.Select(p => p.Positives), 0), Average);
    }

    private static Average NotMicro(Average average) => average != Average.Micro
        ? average
        : throw new ArgumentOutOfRangeException(nameof(average), average, "MultilabelLogAUC has no micro average. Use Macro, Weighted or None.");
}
