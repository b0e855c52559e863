namespace LightningSharp.Metrics.Classification;

/// <summary>Makes EER metrics by task.</summary>
public static class EER
{
    /// <summary>The equal error rate: where as many positives are missed as negatives are taken, for two classes.</summary>
    /// <seealso cref="BinaryEER"/>
    public static BinaryEER Binary(Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The equal error rate: where as many positives are missed as negatives are taken, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassEER"/>
    public static MulticlassEER Multiclass(
        int numClasses,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, average, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The equal error rate: where as many positives are missed as negatives are taken, for several labels.</summary>
    /// <seealso cref="MultilabelEER"/>
    public static MultilabelEER Multilabel(
        int numLabels,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, average, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
