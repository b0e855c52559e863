namespace LightningSharp.Metrics.Classification;

/// <summary>Makes ConfusionMatrix metrics by task.</summary>
public static class ConfusionMatrix
{
    /// <summary>How often each class was taken for each, for two classes.</summary>
    /// <seealso cref="BinaryConfusionMatrix"/>
    public static BinaryConfusionMatrix Binary(
        double threshold = 0.5,
        Normalization normalize = Normalization.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, normalize, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>How often each class was taken for each, for several classes.</summary>
    /// <seealso cref="MulticlassConfusionMatrix"/>
    public static MulticlassConfusionMatrix Multiclass(
        int numClasses,
        Normalization normalize = Normalization.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, normalize, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>How often each class was taken for each, for several labels.</summary>
    /// <seealso cref="MultilabelConfusionMatrix"/>
    public static MultilabelConfusionMatrix Multilabel(
        int numLabels,
        double threshold = 0.5,
        Normalization normalize = Normalization.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, normalize, ignoreIndex, validateArgs) { Scores = scores };
}
