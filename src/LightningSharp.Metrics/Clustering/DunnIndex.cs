using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>The smallest distance of two centroids over the largest distance of a row from its own.</summary>
/// <remarks>min d(c_i, c_j) / max |x − c|, in the p-norm. J. Dunn, 1973; in the centroid form that torchmetrics uses.</remarks>
/// <param name="p">The norm.</param>
public sealed class DunnIndex(double p = 2)
    : ClusterShapeMetric
{
    /// <summary>The norm.</summary>
    public double P { get; } = p;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    private protected override Tensor Score(Tensor data, Tensor group, Tensor centroids, Tensor sizes)
    {
        var radius = (data - centroids.index_select(0, group)).abs().Power(P).sum(1).Power(1 / P).max();
        var pairs = triu_indices(centroids.size(0), centroids.size(0), 1).to(data.device);
        var apart = (centroids.index_select(0, pairs[0]) - centroids.index_select(0, pairs[1])).abs().Power(P).sum(1).Power(1 / P).min();
        return apart / radius;
    }
}
