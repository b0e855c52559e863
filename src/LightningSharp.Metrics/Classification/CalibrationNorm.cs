namespace LightningSharp.Metrics.Classification;

/// <summary>How the gaps between confidence and accuracy of the bins become one number.</summary>
public enum CalibrationNorm
{
    /// <summary>The mean gap weighted by bin size: expected calibration error.</summary>
    L1,

    /// <summary>The root of the weighted mean square.</summary>
    L2,

    /// <summary>The largest gap: maximum calibration error.</summary>
    Max,
}
