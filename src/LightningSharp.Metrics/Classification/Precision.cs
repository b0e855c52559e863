namespace LightningSharp.Metrics.Classification;

/// <summary>Makes Precision metrics by task.</summary>
public static class Precision
{
    /// <summary>How many of the positive decisions are right, for two classes.</summary>
    /// <seealso cref="BinaryPrecision"/>
    public static BinaryPrecision Binary(
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>How many of the positive decisions are right, for several classes.</summary>
    /// <seealso cref="MulticlassPrecision"/>
    public static MulticlassPrecision Multiclass(
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>How many of the positive decisions are right, for several labels.</summary>
    /// <seealso cref="MultilabelPrecision"/>
    public static MultilabelPrecision Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };
}
