namespace LightningSharp.Metrics.Classification;

/// <summary>Makes JaccardIndex metrics by task.</summary>
public static class JaccardIndex
{
    /// <summary>Intersection over union of decisions and truths, for two classes.</summary>
    /// <seealso cref="BinaryJaccardIndex"/>
    public static BinaryJaccardIndex Binary(double threshold = 0.5, long? ignoreIndex = null, bool validateArgs = true, double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>Intersection over union of decisions and truths, for several classes.</summary>
    /// <seealso cref="MulticlassJaccardIndex"/>
    public static MulticlassJaccardIndex Multiclass(
        int numClasses,
        Average average = Average.Macro,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, average, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>Intersection over union of decisions and truths, for several labels.</summary>
    /// <seealso cref="MultilabelJaccardIndex"/>
    public static MultilabelJaccardIndex Multilabel(
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, average, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };
}
