using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>How ties enter Kendall's coefficient.</summary>
public enum KendallVariant
{
    /// <summary>(concordant − discordant) / all pairs.</summary>
    A,

    /// <summary>Corrected for ties in each of the two.</summary>
    B,

    /// <summary>Scaled by the smaller number of distinct values (A. Stuart).</summary>
    C,
}
