using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Intersection over union of decisions and truths, for two classes.</summary>
/// <remarks>TP / (TP + FP + FN). P. Jaccard, 1901. Inputs as for <see cref="BinaryAccuracy"/>.</remarks>
/// <param name="threshold">Probabilities above it are decisions for the positive class.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
/// <param name="zeroDivision">The value where the denominator is zero.</param>
public sealed class BinaryJaccardIndex(
    double threshold = 0.5,
    long? ignoreIndex = null,
    bool validateArgs = true,
    double zeroDivision = 0)
    : BinaryStatMetric(threshold, MultidimAverage.Global, ignoreIndex, validateArgs)
{
    /// <summary>The value where the denominator is zero.</summary>
    public double ZeroDivision { get; } = zeroDivision;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.Jaccard(counts, ZeroDivision);

}
