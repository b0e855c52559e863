namespace LightningSharp.Metrics.Classification;

/// <summary>How much a disagreement counts that is off by several classes.</summary>
public enum KappaWeights
{
    /// <summary>Every disagreement counts the same.</summary>
    None,

    /// <summary>By the distance of the classes.</summary>
    Linear,

    /// <summary>By the square of the distance.</summary>
    Quadratic,
}
