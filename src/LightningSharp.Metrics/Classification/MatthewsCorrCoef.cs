namespace LightningSharp.Metrics.Classification;

/// <summary>Makes MatthewsCorrCoef metrics by task.</summary>
public static class MatthewsCorrCoef
{
    /// <summary>Matthews' correlation of decisions and truths, for two classes.</summary>
    /// <seealso cref="BinaryMatthewsCorrCoef"/>
    public static BinaryMatthewsCorrCoef Binary(double threshold = 0.5, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>Matthews' correlation of decisions and truths, for several classes.</summary>
    /// <seealso cref="MulticlassMatthewsCorrCoef"/>
    public static MulticlassMatthewsCorrCoef Multiclass(int numClasses, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>Matthews' correlation of decisions and truths, for several labels.</summary>
    /// <seealso cref="MultilabelMatthewsCorrCoef"/>
    public static MultilabelMatthewsCorrCoef Multilabel(int numLabels, double threshold = 0.5, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, ignoreIndex, validateArgs) { Scores = scores };
}
