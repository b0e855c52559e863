using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The share of wrong decisions, for two classes.</summary>
/// <remarks>One minus accuracy. R. W. Hamming, 1950. Predictions: probabilities, logits (anything outside 0…1, passed through a sigmoid) or labels 0 and 1, of any shape. Targets: 0 and 1, of the same shape. A denominator of zero gives zero.</remarks>
/// <param name="threshold">Probabilities above it are decisions for the positive class.</param>
/// <param name="multidimAverage">What happens with further dimensions.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryHammingDistance(
    double threshold = 0.5,
    MultidimAverage multidimAverage = MultidimAverage.Global,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : BinaryStatMetric(threshold, multidimAverage, ignoreIndex, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => ones_like(StatFormulas.Agreement(counts)).Minus(StatFormulas.Agreement(counts));
}
