using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The area under the ROC curve: the chance that a positive scores higher than a negative, for two classes.</summary>
/// <remarks>Trapezoids under (false-positive rate, true-positive rate). T. Fawcett, 2006. Without positives or negatives: 0. Predictions: probabilities or logits of any shape. Targets: 0 and 1.</remarks>
/// <param name="maxFpr">Only the part of the curve up to this false-positive rate, scaled so that chance is 0.5 (McClish).</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryAUROC(
    double? maxFpr = null,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : BinaryCurveMetric(thresholds, ignoreIndex, validateArgs)
{
    /// <summary>Only the part of the curve up to this false-positive rate, scaled so that chance is 0.5 (McClish).</summary>
    public double? MaxFpr { get; } = maxFpr;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => CurveFormulas.PartialArea(CurveFormulas.Roc(Points()[0]), MaxFpr ?? 1);
}
