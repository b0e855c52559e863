namespace LightningSharp.Metrics.Classification;

/// <summary>Makes MatthewsCorrCoef metrics by task.</summary>
public static class MatthewsCorrCoef
{
    /// <summary>Matthews' correlation of decisions and truths, for two classes.</summary>
    /// <seealso cref="BinaryMatthewsCorrCoef"/>
    public static BinaryMatthewsCorrCoef Binary(double threshold = 0.5, long? ignoreIndex = null, bool validateArgs = true)
        => new(threshold, ignoreIndex, validateArgs);

    /// <summary>Matthews' correlation of decisions and truths, for several classes.</summary>
    /// <seealso cref="MulticlassMatthewsCorrCoef"/>
    public static MulticlassMatthewsCorrCoef Multiclass(int numClasses, long? ignoreIndex = null, bool validateArgs = true)
        => new(numClasses, ignoreIndex, validateArgs);

    /// <summary>Matthews' correlation of decisions and truths, for several labels.</summary>
    /// <seealso cref="MultilabelMatthewsCorrCoef"/>
    public static MultilabelMatthewsCorrCoef Multilabel(int numLabels, double threshold = 0.5, long? ignoreIndex = null, bool validateArgs = true)
        => new(numLabels, threshold, ignoreIndex, validateArgs);
}
