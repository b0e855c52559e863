namespace LightningSharp.Metrics.Classification;

/// <summary>What the cells of a confusion matrix are divided by.</summary>
public enum Normalization
{
    /// <summary>Nothing: counts.</summary>
    None,

    /// <summary>The sum of the row: every true class adds up to one.</summary>
    True,

    /// <summary>The sum of the column: every predicted class adds up to one.</summary>
    Pred,

    /// <summary>The sum of all cells.</summary>
    All,
}
