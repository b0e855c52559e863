namespace LightningSharp.Metrics.Classification;

/// <summary>Makes ExactMatch metrics by task.</summary>
public static class ExactMatch
{
    /// <summary>The share of samples whose positions are all right.</summary>
    /// <seealso cref="MulticlassExactMatch"/>
    public static MulticlassExactMatch Multiclass(
        int numClasses,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>The share of samples whose labels are all right.</summary>
    /// <seealso cref="MultilabelExactMatch"/>
    public static MultilabelExactMatch Multilabel(
        int numLabels,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numLabels, threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores };
}
