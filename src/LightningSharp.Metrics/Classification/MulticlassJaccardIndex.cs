using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Intersection over union of decisions and truths, for several classes.</summary>
/// <remarks>TP / (TP + FP + FN). P. Jaccard, 1901. Inputs as for <see cref="MulticlassAccuracy"/>.</remarks>
/// <param name="numClasses">How many classes there are.</param>
/// <param name="average">How the classes become one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
/// <param name="zeroDivision">The value where the denominator is zero.</param>
public sealed class MulticlassJaccardIndex(
    int numClasses,
    Average average = Average.Macro,
    long? ignoreIndex = null,
    bool validateArgs = true,
    double zeroDivision = 0)
    : MulticlassStatMetric(numClasses, 1, average, MultidimAverage.Global, ignoreIndex, validateArgs)
{
    /// <summary>The value where the denominator is zero.</summary>
    public double ZeroDivision { get; } = zeroDivision;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(StatCounts counts) => StatFormulas.Averaged(WithoutIgnored(counts), Average, multilabel: false, topK: 1, s => StatFormulas.Jaccard(s, ZeroDivision));

    /// <summary>A class that is ignored as a target must not count as a wrong prediction either.</summary>
    private StatCounts WithoutIgnored(StatCounts counts)
    {
        if (IgnoreIndex is not { } index || index < 0 || index >= NumClasses) return counts;
        var keep = Numbers.Range(NumClasses, counts.TruePositive.device).IsNot(index).to(int64);
        return counts with { FalsePositive = counts.FalsePositive.mul(keep) };
    }
}
