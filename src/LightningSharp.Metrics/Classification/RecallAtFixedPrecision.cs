namespace LightningSharp.Metrics.Classification;

/// <summary>Makes RecallAtFixedPrecision metrics by task.</summary>
public static class RecallAtFixedPrecision
{
    /// <summary>The best recall among thresholds with at least a given precision, for two classes.</summary>
    /// <seealso cref="BinaryRecallAtFixedPrecision"/>
    public static BinaryRecallAtFixedPrecision Binary(
        double minPrecision,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(minPrecision, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The best recall among thresholds with at least a given precision, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassRecallAtFixedPrecision"/>
    public static MulticlassRecallAtFixedPrecision Multiclass(
        int numClasses,
        double minPrecision,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, minPrecision, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The best recall among thresholds with at least a given precision, for several labels.</summary>
    /// <seealso cref="MultilabelRecallAtFixedPrecision"/>
    public static MultilabelRecallAtFixedPrecision Multilabel(
        int numLabels,
        double minPrecision,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, minPrecision, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
