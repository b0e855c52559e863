using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The points of one curve.</summary>
/// <param name="First">The first quantity at each point: false-positive rate (ROC) or precision.</param>
/// <param name="Second">The second quantity at each point: true-positive rate (ROC) or recall.</param>
/// <param name="Thresholds">The decision threshold of each point; a precision-recall curve has one point more than thresholds.</param>
public readonly record struct Curve(Tensor First, Tensor Second, Tensor Thresholds)
{
    /// <summary>Several curves in one tensor of shape [curves, 3, points], shorter rows filled up with NaN.</summary>
    internal static Tensor Stacked(IReadOnlyList<Curve> curves)
    {
        var points = curves.Max(c => c.First.size(0));
        return stack(curves.Select(c => stack([Padded(c.First, points), Padded(c.Second, points), Padded(c.Thresholds, points)])), 0);
    }

    private static Tensor Padded(Tensor row, long points)
    {
        var missing = points - row.size(0);
        return missing == 0 ? row : cat([row, Numbers.Filled([missing], double.NaN, row.dtype, row.device)], 0);
    }
}
