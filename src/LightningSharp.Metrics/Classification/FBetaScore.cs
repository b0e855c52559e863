namespace LightningSharp.Metrics.Classification;

/// <summary>Makes FBetaScore metrics by task.</summary>
public static class FBetaScore
{
    /// <summary>The harmonic mean of precision and recall with recall counting β times as much, for two classes.</summary>
    /// <seealso cref="BinaryFBetaScore"/>
    public static BinaryFBetaScore Binary(
        double beta,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(beta, threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>The harmonic mean of precision and recall with recall counting β times as much, for several classes.</summary>
    /// <seealso cref="MulticlassFBetaScore"/>
    public static MulticlassFBetaScore Multiclass(
        double beta,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(beta, numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };

    /// <summary>The harmonic mean of precision and recall with recall counting β times as much, for several labels.</summary>
    /// <seealso cref="MultilabelFBetaScore"/>
    public static MultilabelFBetaScore Multilabel(
        double beta,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => new(beta, numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores };
}
