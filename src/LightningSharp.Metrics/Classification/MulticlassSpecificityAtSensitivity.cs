using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The best specificity among thresholds with at least a given sensitivity (recall), for several classes, each against the rest.</summary>
/// <remarks>Returns one value, or one per class; <see cref="Metric.ComputeNamed"/> adds the threshold. Predictions: probabilities or logits [N, C, …]. Targets: labels [N, …].</remarks>
/// <param name="numClasses">How many classes there are.</param>
/// <param name="minSensitivity">The sensitivity to keep, 0 … 1.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MulticlassSpecificityAtSensitivity(
    int numClasses,
    double minSensitivity,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MulticlassCurveMetric(numClasses, thresholds, ignoreIndex, validateArgs)
{
    /// <summary>The sensitivity to keep, 0 … 1.</summary>
    public double MinSensitivity { get; } = minSensitivity is >= 0 and <= 1 ? minSensitivity : throw new ArgumentOutOfRangeException(nameof(minSensitivity), minSensitivity, $"MulticlassSpecificityAtSensitivity wants minSensitivity in 0 … 1. Received: {minSensitivity}.");

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <summary>The value of each class, or the one of a binary task, with the threshold that gives it. Nothing found: 0 at threshold 1e6.</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts() => BestParts(Best);

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => BestValues(Best);

    private OperatingPoint Best(CurvePoints points) => OperatingPoint.SpecificityAtSensitivity(points, MinSensitivity);
}
