namespace LightningSharp.Optimization;

/// <summary>Which direction of the metric is better.</summary>
public enum PlateauMode
{
    /// <summary>Lower is better, as with a loss.</summary>
    Min,

    /// <summary>Higher is better, as with an accuracy.</summary>
    Max,
}
