using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How many of the positive decisions are right, for several labels.</summary>
/// <remarks>TP / (TP + FP). Predictions: probabilities, logits or labels 0 and 1 of shape [N, L, …]. Targets: 0 and 1 of the same shape. A denominator of zero gives <c>zeroDivision</c>.</remarks>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="threshold">Probabilities above it are decisions for a label.</param>
/// <param name="average">How the labels' values become one.</param>
/// <param name="multidimAverage">What happens with further dimensions.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
/// <param name="zeroDivision">The value where the denominator is zero.</param>
public sealed class MultilabelPrecision(
    int numLabels,
    double threshold = 0.5,
    Average average = Average.Macro,
    MultidimAverage multidimAverage = MultidimAverage.Global,
    long? ignoreIndex = null,
    bool validateArgs = true,
    double zeroDivision = 0)
    : MultilabelStatMetric(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs)
{
    /// <summary>The value where the denominator is zero.</summary>
    public double ZeroDivision { get; } = zeroDivision;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.Averaged(counts, Average, multilabel: true, topK: 1, s => StatFormulas.Precision(s, ZeroDivision));
}
