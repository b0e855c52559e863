using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The counts themselves for two classes: true positives, false positives, true negatives, false negatives and support, in the last dimension.</summary>
/// <remarks>Shape [5], or [classes, 5] without averaging; samplewise with a leading dimension of samples. Macro and weighted averages are float32, the rest int64.</remarks>
/// <param name="threshold">Probabilities above it are decisions for the positive class.</param>
/// <param name="multidimAverage">What happens with further dimensions.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryStatScores(
    double threshold = 0.5,
    MultidimAverage multidimAverage = MultidimAverage.Global,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : BinaryStatMetric(threshold, multidimAverage, ignoreIndex, validateArgs)
{
    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.Columns(counts);
}
