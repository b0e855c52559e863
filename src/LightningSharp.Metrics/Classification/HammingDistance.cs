namespace LightningSharp.Metrics.Classification;

/// <summary>Makes HammingDistance metrics by task.</summary>
public static class HammingDistance
{
    /// <summary>The share of wrong decisions, for two classes.</summary>
    /// <seealso cref="BinaryHammingDistance"/>
    public static BinaryHammingDistance Binary(
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The share of wrong decisions, for several classes.</summary>
    /// <seealso cref="MulticlassHammingDistance"/>
    public static MulticlassHammingDistance Multiclass(
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The share of wrong decisions, for several labels.</summary>
    /// <seealso cref="MultilabelHammingDistance"/>
    public static MultilabelHammingDistance Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };
}
