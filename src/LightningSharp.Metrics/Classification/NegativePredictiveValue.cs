namespace LightningSharp.Metrics.Classification;

/// <summary>Makes NegativePredictiveValue metrics by task.</summary>
public static class NegativePredictiveValue
{
    /// <summary>How many of the negative decisions are right, for two classes.</summary>
    /// <seealso cref="BinaryNegativePredictiveValue"/>
    public static BinaryNegativePredictiveValue Binary(
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>How many of the negative decisions are right, for several classes.</summary>
    /// <seealso cref="MulticlassNegativePredictiveValue"/>
    public static MulticlassNegativePredictiveValue Multiclass(
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>How many of the negative decisions are right, for several labels.</summary>
    /// <seealso cref="MultilabelNegativePredictiveValue"/>
    public static MultilabelNegativePredictiveValue Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };
}
