namespace LightningSharp.Callbacks;

/// <summary>Whether a monitored value is better when it is smaller or when it is larger.</summary>
public enum MonitorMode
{
    /// <summary>Smaller is better: losses.</summary>
    Min,

    /// <summary>Larger is better: accuracies.</summary>
    Max,

    /// <summary>As the logged metric object says (<see cref="Logging.IMetric.HigherIsBetter"/>); a plain number does not say, and is an error.</summary>
    Auto,
}
