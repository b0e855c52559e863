namespace LightningSharp.Optimization;

/// <summary>How the height of the triangles of <see cref="CyclicLR"/> changes.</summary>
public enum CyclicMode
{
    /// <summary>All triangles are alike.</summary>
    Triangular,

    /// <summary>Each triangle is half as high as the one before.</summary>
    Triangular2,

    /// <summary>The height shrinks by the factor gamma at each step.</summary>
    ExponentialRange,
}
