using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The best recall among thresholds with at least a given precision, for two classes.</summary>
/// <remarks>Returns one value, or one per class; <see cref="Metric.ComputeNamed"/> adds the threshold. Predictions: probabilities or logits of any shape. Targets: 0 and 1.</remarks>
/// <param name="minPrecision">The precision to keep, 0 … 1.</param>
/// <param name="thresholds">Thresholds of a binned curve with constant memory; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryRecallAtFixedPrecision(
    double minPrecision,
    Thresholds? thresholds = null,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : BinaryCurveMetric(thresholds, ignoreIndex, validateArgs)
{
    /// <summary>The precision to keep, 0 … 1.</summary>
    public double MinPrecision { get; } = minPrecision is >= 0 and <= 1 ? minPrecision : throw new ArgumentOutOfRangeException(nameof(minPrecision), minPrecision, $"BinaryRecallAtFixedPrecision wants minPrecision in 0 … 1. Received: {minPrecision}.");

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <summary>The value of each class, or the one of a binary task, with the threshold that gives it. Nothing found: 0 at threshold 1e6.</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts() => BestParts(Best);

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => BestValues(Best);

    private OperatingPoint Best(CurvePoints points) => OperatingPoint.RecallAtPrecision(points, MinPrecision, recallWithoutPositives: 1);
}
