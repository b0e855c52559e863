namespace LightningSharp.Tuning;

/// <summary>How a learning rate is picked from the curve of losses.</summary>
public enum SuggestionRule
{
    /// <summary>Where the smoothed loss falls most steeply, over the logarithm of the learning rate.</summary>
    Steepest,

    /// <summary>In the middle of the longest stretch over which the loss falls, weighted to its end: robust.</summary>
    Valley,

    /// <summary>A tenth of the learning rate with the smallest loss.</summary>
    Minimum,

    /// <summary>Looking from the end: before the loss begins to climb. The boldest of the four.</summary>
    Slide,
}
