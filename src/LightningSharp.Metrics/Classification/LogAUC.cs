namespace LightningSharp.Metrics.Classification;

/// <summary>Makes LogAUC metrics by task.</summary>
public static class LogAUC
{
    /// <summary>The area under the ROC curve over the logarithm of the false-positive rate within a range, for two classes.</summary>
    /// <seealso cref="BinaryLogAUC"/>
    public static BinaryLogAUC Binary(
        double minFpr = 0.001,
        double maxFpr = 0.1,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(minFpr, maxFpr, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The area under the ROC curve over the logarithm of the false-positive rate within a range, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassLogAUC"/>
    public static MulticlassLogAUC Multiclass(
        int numClasses,
        Average average = Average.Macro,
        double minFpr = 0.001,
        double maxFpr = 0.1,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, average, minFpr, maxFpr, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The area under the ROC curve over the logarithm of the false-positive rate within a range, for several labels.</summary>
    /// <seealso cref="MultilabelLogAUC"/>
    public static MultilabelLogAUC Multilabel(
        int numLabels,
        Average average = Average.Macro,
        double minFpr = 0.001,
        double maxFpr = 0.1,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, average, minFpr, maxFpr, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
