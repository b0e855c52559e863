namespace LightningSharp.Metrics.Classification;

/// <summary>Makes Recall metrics by task.</summary>
public static class Recall
{
    /// <summary>How many of the positives are found, for two classes.</summary>
    /// <seealso cref="BinaryRecall"/>
    public static BinaryRecall Binary(
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>How many of the positives are found, for several classes.</summary>
    /// <seealso cref="MulticlassRecall"/>
    public static MulticlassRecall Multiclass(
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>How many of the positives are found, for several labels.</summary>
    /// <seealso cref="MultilabelRecall"/>
    public static MultilabelRecall Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };
}
