namespace LightningSharp.Tabular;

/// <summary>What the label column of a table holds.</summary>
public enum LabelKind
{
    /// <summary>Numbers: float32 labels, for regression.</summary>
    Number,

    /// <summary>Texts or whole numbers that name classes: int64 labels.</summary>
    Class,
}
