namespace LightningSharp.Metrics.Text;

/// <summary>What becomes of one value per text.</summary>
public enum TextReduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>All of them, in the order of the updates.</summary>
    None,
}
