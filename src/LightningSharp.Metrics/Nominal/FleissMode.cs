namespace LightningSharp.Metrics.Nominal;

/// <summary>How ratings are written down.</summary>
public enum FleissMode
{
    /// <summary>How many raters chose each category: whole numbers of shape [subjects, categories].</summary>
    Counts,

    /// <summary>Each rater's probabilities (or other scores), of which the best counts: shape [subjects, categories, raters].</summary>
    Probs,
}
