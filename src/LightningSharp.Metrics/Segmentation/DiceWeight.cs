namespace LightningSharp.Metrics.Segmentation;

/// <summary>How much each class of a sample counts in <see cref="GeneralizedDiceScore"/>.</summary>
public enum DiceWeight
{
    /// <summary>One over the squared size of the true mask: small classes count as much as large ones.</summary>
    Square,

    /// <summary>One over the size of the true mask.</summary>
    Simple,

    /// <summary>The same for each.</summary>
    Linear,
}
