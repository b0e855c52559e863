using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>The geometric mean of precision and recall over pairs.</summary>
/// <remarks>TP / √((TP + FP)(TP + FN)). E. Fowlkes and C. Mallows, 1983. 0 without common pairs.</remarks>
public sealed class FowlkesMallowsIndex
    : ClusterAgreementMetric
{
    private protected override double Score(ClusterAgreement agreement)
    {
        var (both, predsOnly, targetOnly, _) = agreement.Pairs;
        return both == 0 ? 0 : both / Math.Sqrt((both + predsOnly) * (both + targetOnly));
    }
}
