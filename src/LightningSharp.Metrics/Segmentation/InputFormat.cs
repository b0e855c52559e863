namespace LightningSharp.Metrics.Segmentation;

/// <summary>How masks are given.</summary>
public enum InputFormat
{
    /// <summary>A plane of 0 and 1 per class: [N, C, …].</summary>
    OneHot,

    /// <summary>The class of each position: [N, …].</summary>
    Index,
}
