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
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(threshold, weights, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>Agreement of decisions and truths beyond chance, for several classes.</summary>
    /// <seealso cref="MulticlassCohenKappa"/>
    public static MulticlassCohenKappa Multiclass(
        int numClasses,
        KappaWeights weights = KappaWeights.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, weights, ignoreIndex, validateArgs) { Scores = scores };
}
