namespace LightningSharp.Data;

/// <summary>How several loaders are read together.</summary>
public enum CombinedMode
{
    /// <summary>In step, until the shortest ends.</summary>
    MinSize,

    /// <summary>In step, until the longest ends; shorter ones start again.</summary>
    MaxSizeCycle,

    /// <summary>In step, until the longest ends; ones that have ended give <c>default</c>.</summary>
    MaxSize,

    /// <summary>One after another; the others give <c>default</c>. A loader is not asked for anything before its turn.</summary>
    Sequential,
}
