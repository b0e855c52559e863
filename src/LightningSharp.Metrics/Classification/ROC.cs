namespace LightningSharp.Metrics.Classification;

/// <summary>Makes ROC metrics by task.</summary>
public static class ROC
{
    /// <summary>False- and true-positive rate at every threshold, for two classes.</summary>
    /// <seealso cref="BinaryROC"/>
    public static BinaryROC Binary(Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true)
        => new(thresholds, ignoreIndex, validateArgs);

    /// <summary>False- and true-positive rate at every threshold, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassROC"/>
    public static MulticlassROC Multiclass(int numClasses, Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true)
        => new(numClasses, thresholds, ignoreIndex, validateArgs);

    /// <summary>False- and true-positive rate at every threshold, for several labels.</summary>
    /// <seealso cref="MultilabelROC"/>
    public static MultilabelROC Multilabel(int numLabels, Thresholds? thresholds = null, long? ignoreIndex = null, bool validateArgs = true)
        => new(numLabels, thresholds, ignoreIndex, validateArgs);
}
