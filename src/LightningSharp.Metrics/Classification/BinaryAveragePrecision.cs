using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The area under the precision-recall curve as a sum of steps, for two classes.</summary>
/// <remarks>Σ (R_i − R_{i−1}) P_i, without interpolation. Without positives: 0. Predictions: probabilities or logits of any shape. Targets: 0 and 1.</remarks>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryAveragePrecision(
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : BinaryCurveMetric(thresholds, ignoreIndex, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => CurveFormulas.AveragePrecision(CurveFormulas.PrecisionRecall(Points()[0], 1));
}
