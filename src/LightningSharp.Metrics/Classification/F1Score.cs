namespace LightningSharp.Metrics.Classification;

/// <summary>Makes F1Score metrics by task.</summary>
public static class F1Score
{
    /// <summary>The harmonic mean of precision and recall, for two classes.</summary>
    /// <seealso cref="BinaryF1Score"/>
    public static BinaryF1Score Binary(
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>The harmonic mean of precision and recall, for several classes.</summary>
    /// <seealso cref="MulticlassF1Score"/>
    public static MulticlassF1Score Multiclass(
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>The harmonic mean of precision and recall, for several labels.</summary>
    /// <seealso cref="MultilabelF1Score"/>
    public static MultilabelF1Score Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };
}
