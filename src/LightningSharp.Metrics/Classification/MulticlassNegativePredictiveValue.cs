using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How many of the negative decisions are right, for several classes.</summary>
/// <remarks>TN / (TN + FN). Predictions: scores [N, C, …] or labels [N, …]. Targets: labels [N, …]. A denominator of zero gives <c>zeroDivision</c>.</remarks>
/// <param name="numClasses">How many classes there are.</param>
/// <param name="topK">A prediction is right when the truth is among this many best classes.</param>
/// <param name="average">How the classes' values become one.</param>
/// <param name="multidimAverage">What happens with further dimensions.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
/// <param name="zeroDivision">The value where the denominator is zero.</param>
public sealed class MulticlassNegativePredictiveValue(
    int numClasses,
    int topK = 1,
    Average average = Average.Macro,
    MultidimAverage multidimAverage = MultidimAverage.Global,
    long? ignoreIndex = null,
    bool validateArgs = true,
    double zeroDivision = 0)
    : MulticlassStatMetric(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs)
{
    /// <summary>The value where the denominator is zero.</summary>
    public double ZeroDivision { get; } = zeroDivision;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.Averaged(counts, Average, multilabel: false, TopK, s => StatFormulas.NegativePredictiveValue(s, ZeroDivision));
}
