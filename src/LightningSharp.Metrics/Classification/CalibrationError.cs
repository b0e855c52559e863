namespace LightningSharp.Metrics.Classification;

/// <summary>Makes CalibrationError metrics by task.</summary>
public static class CalibrationError
{
    /// <summary>How far confidence and accuracy are apart, for two classes.</summary>
    /// <seealso cref="BinaryCalibrationError"/>
    public static BinaryCalibrationError Binary(
        int bins = 15,
        CalibrationNorm norm = CalibrationNorm.L1,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(bins, norm, ignoreIndex, validateArgs) { Scores = scores };

    /// <summary>How far confidence and accuracy are apart, for several classes.</summary>
    /// <seealso cref="MulticlassCalibrationError"/>
    public static MulticlassCalibrationError Multiclass(
        int numClasses,
        int bins = 15,
        CalibrationNorm norm = CalibrationNorm.L1,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => new(numClasses, bins, norm, ignoreIndex, validateArgs) { Scores = scores };
}
