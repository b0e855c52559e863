using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>Spread between groups over spread within: large for tight groups far apart.</summary>
/// <remarks>(B / (k − 1)) / (W / (n − k)). T. Caliński and J. Harabasz, 1974. 1 where nothing spreads within.</remarks>
public sealed class CalinskiHarabaszScore
    : ClusterShapeMetric
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    private protected override Tensor Score(Tensor data, Tensor group, Tensor centroids, Tensor sizes)
    {
        var (n, k) = (data.size(0), sizes.size(0));
        var between = (sizes * (centroids - data.mean([0L])).square().sum(1)).sum();
        var within = (data - centroids.index_select(0, group)).square().sum();
        var ratio = between.Times(n - k).div(within.Times(k - 1));
        return where(within.eq(Numbers.Zero), ones_like(ratio), ratio);
    }
}
