namespace LightningSharp.Optimization;

/// <summary>How the threshold of an improvement is meant.</summary>
public enum ThresholdMode
{
    /// <summary>As a share of the best value so far.</summary>
    Relative,

    /// <summary>In units of the metric.</summary>
    Absolute,
}
