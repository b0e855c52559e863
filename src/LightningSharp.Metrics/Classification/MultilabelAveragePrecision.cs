using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The area under the precision-recall curve as a sum of steps, for several labels.</summary>
/// <remarks>Σ (R_i − R_{i−1}) P_i, without interpolation. Without positives: 0. Predictions: probabilities or logits [N, L, …]. Targets: 0 and 1.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="average">How the values become one; micro puts all labels in one pot.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MultilabelAveragePrecision(
    int numLabels,
    Average average = Average.Macro,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MultilabelCurveMetric(numLabels, thresholds, ignoreIndex, validateArgs)
{
    /// <summary>How the values become one.</summary>
    public Average Average { get; } = average;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        if (Average == Average.Micro) return CurveFormulas.AveragePrecision(CurveFormulas.PrecisionRecall(PooledPoints(), 1));
        var points = Points();
        var scores = stack(points.Select(p => CurveFormulas.AveragePrecision(CurveFormulas.PrecisionRecall(p, 1))), 0);
        return CurveFormulas.Averaged(scores, stack(points.Select(p => p.Positives), 0), Average);
    }
}
