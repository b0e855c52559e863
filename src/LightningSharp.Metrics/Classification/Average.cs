namespace LightningSharp.Metrics.Classification;

/// <summary>How the values of several classes or labels become one.</summary>
public enum Average
{
    /// <summary>The mean over classes, each counting the same. A class that occurs neither in the targets nor in the predictions is left out (multiclass).</summary>
    Macro,

    /// <summary>All decisions in one pot, whatever their class.</summary>
    Micro,

    /// <summary>The mean over classes weighted by how often each is the truth.</summary>
    Weighted,

    /// <summary>No averaging: one value per class.</summary>
    None,
}
