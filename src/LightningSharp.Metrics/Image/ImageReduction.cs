namespace LightningSharp.Metrics.Image;

/// <summary>What becomes of one value per image, or per slice.</summary>
public enum ImageReduction
{
    /// <summary>Their mean.</summary>
    ElementwiseMean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>All of them, in the order they came.</summary>
    None,
}
