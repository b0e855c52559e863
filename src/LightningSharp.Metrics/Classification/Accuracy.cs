namespace LightningSharp.Metrics.Classification;

/// <summary>Makes Accuracy metrics by task.</summary>
public static class Accuracy
{
    /// <summary>The share of right decisions, for two classes.</summary>
    /// <seealso cref="BinaryAccuracy"/>
    public static BinaryAccuracy Binary(
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The share of right decisions, for several classes.</summary>
    /// <seealso cref="MulticlassAccuracy"/>
    public static MulticlassAccuracy Multiclass(
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The share of right decisions, for several labels.</summary>
    /// <seealso cref="MultilabelAccuracy"/>
    public static MultilabelAccuracy Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };
}
