using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How many of the negatives are recognised, for several classes.</summary>
/// <remarks>TN / (TN + FP). Also called true-negative rate. Predictions: scores [N, C, …] or labels [N, …]. Targets: labels [N, …]. A denominator of zero gives zero.</remarks>
/// <param name="numClasses">How many classes there are.</param>
/// <param name="topK">A prediction is right when the truth is among this many best classes.</param>
/// <param name="average">How the classes' values become one.</param>
/// <param name="multidimAverage">What happens with further dimensions.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MulticlassSpecificity(
    int numClasses,
    int topK = 1,
    Average average = Average.Macro,
    MultidimAverage multidimAverage = MultidimAverage.Global,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MulticlassStatMetric(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.Averaged(counts, Average, multilabel: false, TopK, StatFormulas.Specificity);
}
