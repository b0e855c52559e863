namespace LightningSharp.Metrics.Classification;

/// <summary>Makes SpecificityAtSensitivity metrics by task.</summary>
public static class SpecificityAtSensitivity
{
    /// <summary>The best specificity among thresholds with at least a given sensitivity (recall), for two classes.</summary>
    /// <seealso cref="BinarySpecificityAtSensitivity"/>
    public static BinarySpecificityAtSensitivity Binary(
        double minSensitivity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(minSensitivity, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The best specificity among thresholds with at least a given sensitivity (recall), for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassSpecificityAtSensitivity"/>
    public static MulticlassSpecificityAtSensitivity Multiclass(
        int numClasses,
        double minSensitivity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, minSensitivity, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The best specificity among thresholds with at least a given sensitivity (recall), for several labels.</summary>
    /// <seealso cref="MultilabelSpecificityAtSensitivity"/>
    public static MultilabelSpecificityAtSensitivity Multilabel(
        int numLabels,
        double minSensitivity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, minSensitivity, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
