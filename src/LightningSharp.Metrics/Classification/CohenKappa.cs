namespace LightningSharp.Metrics.Classification;

/// <summary>Makes CohenKappa metrics by task.</summary>
public static class CohenKappa
{
    /// <summary>Agreement of decisions and truths beyond chance, for two classes.</summary>
    /// <seealso cref="BinaryCohenKappa"/>
    public static BinaryCohenKappa Binary(
        double threshold = 0.5,
        KappaWeights weights = KappaWeights.None,
        long? ignoreIndex = null,
        bool validateArgs = true)
        => new(threshold, weights, ignoreIndex, validateArgs);

    /// <summary>Agreement of decisions and truths beyond chance, for several classes.</summary>
    /// <seealso cref="MulticlassCohenKappa"/>
    public static MulticlassCohenKappa Multiclass(
        int numClasses,
        KappaWeights weights = KappaWeights.None,
        long? ignoreIndex = null,
        bool validateArgs = true)
        => new(numClasses, weights, ignoreIndex, validateArgs);
}
