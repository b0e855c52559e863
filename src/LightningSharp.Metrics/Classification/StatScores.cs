namespace LightningSharp.Metrics.Classification;

/// <summary>Makes StatScores metrics by task.</summary>
public static class StatScores
{
    /// <summary>The counts themselves for two classes: true positives, false positives, true negatives, false negatives and support, in the last dimension.</summary>
    /// <seealso cref="BinaryStatScores"/>
    public static BinaryStatScores Binary(
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The counts themselves for several classes: true positives, false positives, true negatives, false negatives and support, in the last dimension.</summary>
    /// <seealso cref="MulticlassStatScores"/>
    public static MulticlassStatScores Multiclass(
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The counts themselves for several labels: true positives, false positives, true negatives, false negatives and support, in the last dimension.</summary>
    /// <seealso cref="MultilabelStatScores"/>
    public static MultilabelStatScores Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };
}
