using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>The Rand index beyond chance: 0 for random groupings, 1 for equal ones.</summary>
/// <remarks>L. Hubert and P. Arabie, 1985.</remarks>
public sealed class AdjustedRandScore
    : ClusterAgreementMetric
{
    private protected override double Score(ClusterAgreement agreement)
    {
        var (both, predsOnly, targetOnly, neither) = agreement.Pairs;
        if (predsOnly == 0 && targetOnly == 0) return 1;
        return 2 * ((both * neither) - (predsOnly * targetOnly))
            / (((both + targetOnly) * (targetOnly + neither)) + ((both + predsOnly) * (predsOnly + neither)));
    }
}
