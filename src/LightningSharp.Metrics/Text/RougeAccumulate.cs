namespace LightningSharp.Metrics.Text;

/// <summary>What several references of one text count.</summary>
public enum RougeAccumulate
{
    /// <summary>The reference that fits best.</summary>
    Best,

    /// <summary>The mean over references.</summary>
    Avg,
}
