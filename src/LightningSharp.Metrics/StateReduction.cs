namespace LightningSharp.Metrics;

/// <summary>How the states of two metrics that saw different data become one.</summary>
public enum StateReduction
{
    /// <summary>Add.</summary>
    Sum,

    /// <summary>The mean, weighted by the number of updates.</summary>
    Mean,

    /// <summary>The smaller of the two, element by element.</summary>
    Min,

    /// <summary>The larger of the two, element by element.</summary>
    Max,

    /// <summary>Joined along the first dimension: the reduction of every list state.</summary>
    Cat,

    /// <summary>A function given to <c>AddState</c>.</summary>
    Custom,
}
