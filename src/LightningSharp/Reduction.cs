namespace LightningSharp;

/// <summary>How values logged during an epoch become one.</summary>
public enum Reduction
{
    /// <summary>The mean, weighted by batch size.</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The smallest.</summary>
    Min,

    /// <summary>The largest.</summary>
    Max,
}
