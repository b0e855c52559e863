using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How often each class was taken for each, for several labels.</summary>
/// <remarks>Shape [labels, 2, 2]: rows are the truth, columns the decision. Counts are int64, normalised cells float32. Inputs as for <see cref="MultilabelAccuracy"/>.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="threshold">Probabilities above it are decisions for a label.</param>
/// <param name="normalize">What cells are divided by.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MultilabelConfusionMatrix(
    int numLabels,
    double threshold = 0.5,
    Normalization normalize = Normalization.None,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MultilabelConfusionMetric(numLabels, threshold, ignoreIndex, validateArgs)
{
    /// <summary>What cells are divided by.</summary>
    public Normalization Normalize { get; } = normalize;

    /// <inheritdoc/>
    protected override Tensor Score(Tensor cells) => ConfusionFormulas.Normalized(cells, Normalize);
}
