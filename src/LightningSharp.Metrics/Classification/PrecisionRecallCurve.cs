namespace LightningSharp.Metrics.Classification;

/// <summary>Makes PrecisionRecallCurve metrics by task.</summary>
public static class PrecisionRecallCurve
{
    /// <summary>Precision and recall at every threshold, for two classes.</summary>
    /// <seealso cref="BinaryPrecisionRecallCurve"/>
    public static BinaryPrecisionRecallCurve Binary(Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>Precision and recall at every threshold, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassPrecisionRecallCurve"/>
    public static MulticlassPrecisionRecallCurve Multiclass(int numClasses, Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>Precision and recall at every threshold, for several labels.</summary>
    /// <seealso cref="MultilabelPrecisionRecallCurve"/>
    public static MultilabelPrecisionRecallCurve Multilabel(int numLabels, Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
