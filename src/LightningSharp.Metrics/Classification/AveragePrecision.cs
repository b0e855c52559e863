namespace LightningSharp.Metrics.Classification;

/// <summary>Makes AveragePrecision metrics by task.</summary>
public static class AveragePrecision
{
    /// <summary>The area under the precision-recall curve as a sum of steps, for two classes.</summary>
    /// <seealso cref="BinaryAveragePrecision"/>
    public static BinaryAveragePrecision Binary(Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The area under the precision-recall curve as a sum of steps, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassAveragePrecision"/>
    public static MulticlassAveragePrecision Multiclass(
        int numClasses,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, average, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The area under the precision-recall curve as a sum of steps, for several labels.</summary>
    /// <seealso cref="MultilabelAveragePrecision"/>
    public static MultilabelAveragePrecision Multilabel(
        int numLabels,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, average, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
