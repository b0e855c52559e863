using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>The share of pairs that both groupings treat alike, together or apart.</summary>
/// <remarks>(together in both + apart in both) / all pairs. W. Rand, 1971.</remarks>
public sealed class RandScore
    : ClusterAgreementMetric
{
    private protected override double Score(ClusterAgreement agreement)
    {
        var (both, predsOnly, targetOnly, neither) = agreement.Pairs;
        return both + neither == 0 || predsOnly + targetOnly == 0 ? (predsOnly + targetOnly == 0 ? 1 : 0) : (both + neither) / (both + predsOnly + targetOnly + neither);
    }
}
