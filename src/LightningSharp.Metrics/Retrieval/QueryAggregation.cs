namespace LightningSharp.Metrics.Retrieval;

/// <summary>How the values of all queries become one.</summary>
public enum QueryAggregation
{
    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The middle one, the lower of two.</summary>
    Median,

    /// <summary>The smallest.</summary>
    Min,

    /// <summary>The largest.</summary>
    Max,
}
