namespace LightningSharp.Metrics.Classification;

/// <summary>Makes SensitivityAtSpecificity metrics by task.</summary>
public static class SensitivityAtSpecificity
{
    /// <summary>The best sensitivity (recall) among thresholds with at least a given specificity, for two classes.</summary>
    /// <seealso cref="BinarySensitivityAtSpecificity"/>
    public static BinarySensitivityAtSpecificity Binary(
        double minSpecificity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(minSpecificity, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The best sensitivity (recall) among thresholds with at least a given specificity, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassSensitivityAtSpecificity"/>
    public static MulticlassSensitivityAtSpecificity Multiclass(
        int numClasses,
        double minSpecificity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, minSpecificity, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The best sensitivity (recall) among thresholds with at least a given specificity, for several labels.</summary>
    /// <seealso cref="MultilabelSensitivityAtSpecificity"/>
    public static MultilabelSensitivityAtSpecificity Multilabel(
        int numLabels,
        double minSpecificity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, minSpecificity, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
