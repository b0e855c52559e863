namespace LightningSharp.Metrics.Text;

/// <summary>What several references of one text count.</summary>
public enum RougeAccumulate
{
    /// <summary>The reference that fits best by F, for each key apart.</summary>
    Best,

    /// <summary>The mean over references.</summary>
    Avg,
}
