namespace LightningSharp.Metrics.Segmentation;

/// <summary>How far apart two pixels are.</summary>
public enum DistanceMetric
{
    /// <summary>In a straight line.</summary>
    Euclidean,

    /// <summary>The larger of the two axes' distances.</summary>
    Chessboard,

    /// <summary>The sum of the two axes' distances.</summary>
    Taxicab,
}
