using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The area under the ROC curve over the logarithm of the false-positive rate within a range, for two classes.</summary>
/// <remarks>1 is perfect. Used where very few false positives are tolerable, as in virtual screening. Predictions: probabilities or logits of any shape. Targets: 0 and 1.</remarks>
/// <param name="minFpr">The lower end of the range; above 0.</param>
/// <param name="maxFpr">The upper end of the range.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryLogAUC(
    double minFpr = 0.001,
    double maxFpr = 0.1,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : BinaryCurveMetric(thresholds, ignoreIndex, validateArgs)
{
    /// <summary>The lower end of the range; above 0.</summary>
    public double MinFpr { get; } = minFpr;

    /// <summary>The upper end of the range.</summary>
    public double MaxFpr { get; } = maxFpr;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => CurveFormulas.LogArea(CurveFormulas.Roc(Points()[0]), MinFpr, MaxFpr);
}
