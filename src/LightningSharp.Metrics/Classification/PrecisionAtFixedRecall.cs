namespace LightningSharp.Metrics.Classification;

/// <summary>Makes PrecisionAtFixedRecall metrics by task.</summary>
public static class PrecisionAtFixedRecall
{
    /// <summary>The best precision among thresholds with at least a given recall, for two classes.</summary>
    /// <seealso cref="BinaryPrecisionAtFixedRecall"/>
    public static BinaryPrecisionAtFixedRecall Binary(double minRecall, Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(minRecall, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The best precision among thresholds with at least a given recall, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassPrecisionAtFixedRecall"/>
    public static MulticlassPrecisionAtFixedRecall Multiclass(
        int numClasses,
        double minRecall,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, minRecall, thresholds, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The best precision among thresholds with at least a given recall, for several labels.</summary>
    /// <seealso cref="MultilabelPrecisionAtFixedRecall"/>
    public static MultilabelPrecisionAtFixedRecall Multilabel(
        int numLabels,
        double minRecall,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, minRecall, thresholds, ignoreIndex, validateArgs) { Scores = scores };
}
