using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The harmonic mean of precision and recall, for two classes.</summary>
/// <remarks>2 TP / (2 TP + FP + FN). Predictions: probabilities, logits (anything outside 0…1, passed through a sigmoid) or labels 0 and 1, of any shape. Targets: 0 and 1, of the same shape. A denominator of zero gives <c>zeroDivision</c>.</remarks>
/// <param name="threshold">Probabilities above it are decisions for the positive class.</param>
/// <param name="multidimAverage">What happens with further dimensions.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
/// <param name="zeroDivision">The value where the denominator is zero.</param>
public sealed class BinaryF1Score(
    double threshold = 0.5,
    MultidimAverage multidimAverage = MultidimAverage.Global,
    long? ignoreIndex = null,
    bool validateArgs = true,
    double zeroDivision = 0)
    : BinaryStatMetric(threshold, multidimAverage, ignoreIndex, validateArgs)
{
    /// <summary>The value where the denominator is zero.</summary>
    public double ZeroDivision { get; } = zeroDivision;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.FBeta(counts, 1, ZeroDivision);
}
