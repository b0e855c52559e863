using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The harmonic mean of precision and recall with recall counting β times as much, for several labels.</summary>
/// <remarks>(1 + β²) TP / ((1 + β²) TP + β² FN + FP). Predictions: probabilities, logits or labels 0 and 1 of shape [N, L, …]. Targets: 0 and 1 of the same shape. A denominator of zero gives <c>zeroDivision</c>.</remarks>
/// <param name="beta">How much more recall counts than precision; positive.</param>
/// <param name="numLabels">How many labels there are.</param>
/// <param name="threshold">Probabilities above it are decisions for a label.</param>
/// <param name="average">How the labels' values become one.</param>
/// <param name="multidimAverage">What happens with further dimensions.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
/// <param name="zeroDivision">The value where the denominator is zero.</param>
public sealed class MultilabelFBetaScore(
    double beta,
    int numLabels,
    double threshold = 0.5,
    Average average = Average.Macro,
    MultidimAverage multidimAverage = MultidimAverage.Global,
    long? ignoreIndex = null,
    bool validateArgs = true,
    double zeroDivision = 0)
    : MultilabelStatMetric(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs)
{
    /// <summary>How much more recall counts than precision; positive.</summary>
    public double Beta { get; } = Positive(beta);

    /// <summary>The value where the denominator is zero.</summary>
    public double ZeroDivision { get; } = zeroDivision;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.Averaged(counts, Average, multilabel: true, topK: 1, s => StatFormulas.FBeta(s, Beta, ZeroDivision));

    private static double Positive(double beta) => beta > 0 ? beta : throw new ArgumentOutOfRangeException(nameof(beta), beta, $"F-beta wants a positive beta. Received: {beta}.");
}
