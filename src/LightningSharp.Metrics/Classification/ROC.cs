namespace LightningSharp.Metrics.Classification;

/// <summary>Makes ROC metrics by task.</summary>
public static class ROC
{
    /// <summary>False- and true-positive rate at every threshold, for two classes.</summary>
    /// <seealso cref="BinaryROC"/>
    public static BinaryROC Binary(Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>False- and true-positive rate at every threshold, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassROC"/>
    public static MulticlassROC Multiclass(int numClasses, Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>False- and true-positive rate at every threshold, for several labels.</summary>
    /// <seealso cref="MultilabelROC"/>
    public static MultilabelROC Multilabel(int numLabels, Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
