using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The equal error rate: where as many positives are missed as negatives are taken, for two classes.</summary>
/// <remarks>(FPR + FNR) / 2 at the threshold where they differ least. Predictions: probabilities or logits of any shape. Targets: 0 and 1.</remarks>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryEER(
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : BinaryCurveMetric(thresholds, ignoreIndex, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => CurveFormulas.EqualErrorRate(CurveFormulas.Roc(Points()[0]));
}
