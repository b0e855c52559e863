using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>What a curve is made of: how many positives and negatives have a score of at least each threshold, thresholds descending.</summary>
/// <param name="TruePositives">Float64 counts.</param>
/// <param name="FalsePositives">Float64 counts.</param>
/// <param name="Thresholds">Descending.</param>
/// <param name="Positives">All positives, a tensor of one element.</param>
/// <param name="Negatives">All negatives, a tensor of one element.</param>
/// <param name="Binned">Whether thresholds were chosen beforehand.</param>
public readonly record struct CurvePoints(Tensor TruePositives, Tensor FalsePositives, Tensor Thresholds, Tensor Positives, Tensor Negatives, bool Binned)
{
    /// <summary>Points at every distinct score.</summary>
    internal static CurvePoints Exact(Tensor scores, Tensor truths)
    {
        if (scores.numel() == 0) throw new InvalidOperationException("A curve needs at least one target that is not ignored.");
        var (sorted, order) = scores.sort(0, descending: true);
        var hits = truths.index_select(0, order).to(float64);
        var last = ones(1, @bool, scores.device);
        var ends = cat([sorted.narrow(0, 1, sorted.size(0) - 1).ne(sorted.narrow(0, 0, sorted.size(0) - 1)), last], 0);
        var at = ends.nonzero().squeeze(1); // one point per group of equal scores, at its end
        var tps = hits.cumsum(0).index_select(0, at);
        var fps = at.to(float64).Plus(1).Minus(tps);
        return new(tps, fps, sorted.index_select(0, at), hits.sum(), hits.sum().neg().Plus(hits.numel()), false);
    }

    /// <summary>Points from a histogram of shape [2, thresholds + 1]: negatives and positives by the number of thresholds their score reaches.</summary>
    internal static CurvePoints FromHistogram(Tensor histogram, Tensor ascending)
    {
        var reached = histogram.flip(1).cumsum(1).to(float64);
        var points = reached.narrow(1, 0, ascending.size(0));
        var all = reached.select(1, ascending.size(0));
        return new(points[1], points[0], ascending.flip(0), all[1], all[0], true);
    }
}
