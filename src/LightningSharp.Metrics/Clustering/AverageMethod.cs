namespace LightningSharp.Metrics.Clustering;

/// <summary>The mean of two entropies that normalises mutual information.</summary>
public enum AverageMethod
{
    /// <summary>The arithmetic mean.</summary>
    Arithmetic,

    /// <summary>The geometric mean.</summary>
    Geometric,

    /// <summary>The smaller one.</summary>
    Min,

    /// <summary>The larger one.</summary>
    Max,
}
