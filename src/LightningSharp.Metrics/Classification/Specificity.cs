namespace LightningSharp.Metrics.Classification;

/// <summary>Makes Specificity metrics by task.</summary>
public static class Specificity
{
    /// <summary>How many of the negatives are recognised, for two classes.</summary>
    /// <seealso cref="BinarySpecificity"/>
    public static BinarySpecificity Binary(
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>How many of the negatives are recognised, for several classes.</summary>
    /// <seealso cref="MulticlassSpecificity"/>
    public static MulticlassSpecificity Multiclass(
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>How many of the negatives are recognised, for several labels.</summary>
    /// <seealso cref="MultilabelSpecificity"/>
    public static MultilabelSpecificity Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };
}
