namespace LightningSharp.Metrics.Retrieval;

/// <summary>What a query without anything relevant counts.</summary>
public enum EmptyTargetAction
{
    /// <summary>0.</summary>
    Neg,

    /// <summary>1.</summary>
    Pos,

    /// <summary>Nothing: it is left out.</summary>
    Skip,

    /// <summary>Compute throws.</summary>
    Error,
}
