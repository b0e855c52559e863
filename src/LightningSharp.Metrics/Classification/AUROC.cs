namespace LightningSharp.Metrics.Classification;

/// <summary>Makes AUROC metrics by task.</summary>
public static class AUROC
{
    /// <summary>The area under the ROC curve: the chance that a positive scores higher than a negative, for two classes.</summary>
    /// <seealso cref="BinaryAUROC"/>
    public static BinaryAUROC Binary(
        double? maxFpr = null,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(maxFpr, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The area under the ROC curve: the chance that a positive scores higher than a negative, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassAUROC"/>
    public static MulticlassAUROC Multiclass(
        int numClasses,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, average, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The area under the ROC curve: the chance that a positive scores higher than a negative, for several labels.</summary>
    /// <seealso cref="MultilabelAUROC"/>
    public static MultilabelAUROC Multilabel(
        int numLabels,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, average, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
