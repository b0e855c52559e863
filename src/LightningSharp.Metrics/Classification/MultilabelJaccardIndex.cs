using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Intersection over union of decisions and truths, for several labels.</summary>
/// <remarks>TP / (TP + FP + FN). P. Jaccard, 1901. Inputs as for <see cref="MultilabelAccuracy"/>.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="threshold">Probabilities above it are decisions for a label.</param>
/// <param name="average">How the labels become one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
/// <param name="zeroDivision">The value where the denominator is zero.</param>
public sealed class MultilabelJaccardIndex(
    int numLabels,
    double threshold = 0.5,
    Average average = Average.Macro,
    long? ignoreIndex = null,
    bool validateArgs = true,
    double zeroDivision = 0)
    : MultilabelStatMetric(numLabels, threshold, average, MultidimAverage.Global, ignoreIndex, validateArgs)
{
    /// <summary>The value where the denominator is zero.</summary>
    public double ZeroDivision { get; } = zeroDivision;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.Averaged(counts, Average, multilabel: true, topK: 1, s => StatFormulas.Jaccard(s, ZeroDivision));

}
