namespace LightningSharp.Metrics.Classification;

/// <summary>Makes HingeLoss metrics by task.</summary>
public static class HingeLoss
{
    /// <summary>How far predictions are on the wrong side of the margin, for two classes.</summary>
    /// <seealso cref="BinaryHingeLoss"/>
    public static BinaryHingeLoss Binary(bool squared = false, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(squared, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>How far predictions are on the wrong side of the margin, for several classes.</summary>
    /// <seealso cref="MulticlassHingeLoss"/>
    public static MulticlassHingeLoss Multiclass(
        int numClasses,
        bool squared = false,
        HingeMode multiclassMode = HingeMode.CrammerSinger,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, squared, multiclassMode, ignoreIndex, validateArgs) { Scores = scores };
}
