using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>How much each group overlaps with the one most like it: small for tight groups far apart.</summary>
/// <remarks>Mean over groups of max_j (s_i + s_j) / d_ij with s the mean distance to the centroid and d the distance of centroids. D. Davies and D. Bouldin, 1979.</remarks>
public sealed class DaviesBouldinScore
    : ClusterShapeMetric
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    private protected override Tensor Score(Tensor data, Tensor group, Tensor centroids, Tensor sizes)
    {
        var distance = (data - centroids.index_select(0, group)).square().sum(1).sqrt();
        var spread = zeros(sizes.size(0), float64, data.device).index_add(0, group, distance, Numbers.One) / sizes;
        var apart = cdist(centroids, centroids);
        apart = apart.Plus(diag(Numbers.Filled([sizes.size(0)], double.PositiveInfinity, float64, data.device)).nan_to_num(0, double.PositiveInfinity, 0));
        return (spread.unsqueeze(0).Plus(spread.unsqueeze(1)) / apart).amax([1L]).mean();
    }
}
