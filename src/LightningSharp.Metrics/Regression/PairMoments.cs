using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>
/// Count, means and central second moments of pairs (x, y) per output, in one tensor of shape [6, outputs]. Two of them combine exactly
/// (T. F. Chan, G. H. Golub, R. J. LeVeque, 1979), so nothing cancels however far from zero the data lie.
/// </summary>
/// <param name="Tensor">Rows: n, mean x, mean y, Σ(x − x̄)², Σ(y − ȳ)², Σ(x − x̄)(y − ȳ).</param>
internal readonly record struct PairMoments(Tensor Tensor)
{
    internal Tensor Count => Tensor[0];

    internal Tensor MeanX => Tensor[1];

    internal Tensor MeanY => Tensor[2];

    internal Tensor XX => Tensor[3];

    internal Tensor YY => Tensor[4];

    internal Tensor XY => Tensor[5];

    /// <summary>Σ (x − y)².</summary>
    internal Tensor SquaredErrors => DifferenceSpread.Plus(Count.mul(MeanX.Minus(MeanY).square()));

    /// <summary>Σ (d − d̄)² of the differences d = y − x.</summary>
    internal Tensor DifferenceSpread => XX.Plus(YY).Minus(XY.mul(Numbers.Two));

    internal static Tensor Empty(int outputs) => zeros(6, outputs, float64);

    /// <summary>The moments of a batch of shape [N, outputs].</summary>
    internal static Tensor Of(Tensor x, Tensor y)
    {
        var precise = x.device_type == DeviceType.MPS ? float32 : float64;
        var (a, b) = (x.to(precise), y.to(precise));
        var (meanA, meanB) = (a.mean([0L]), b.mean([0L]));
        var (da, db) = (a.Minus(meanA), b.Minus(meanB));
        return stack([Numbers.FilledLike(meanA, x.size(0)), meanA, meanB, da.square().sum(0L), db.square().sum(0L), da.mul(db).sum(0L)], 0);
    }

    internal static Tensor Combine(Tensor first, Tensor second)
    {
        var (a, b) = (new PairMoments(first), new PairMoments(second));
        var n = a.Count.Plus(b.Count);
        var share = Numbers.SafeDivide(b.Count, n);
        var (dx, dy) = (b.MeanX.Minus(a.MeanX), b.MeanY.Minus(a.MeanY));
        var weight = a.Count.mul(share);
        return stack(
            [
                n,
                a.MeanX.Plus(dx.mul(share)),
                a.MeanY.Plus(dy.mul(share)),
                a.XX.Plus(b.XX).Plus(dx.square().mul(weight)),
                a.YY.Plus(b.YY).Plus(dy.square().mul(weight)),
                a.XY.Plus(b.XY).Plus(dx.mul(dy).mul(weight)),
            ],
            0);
    }
}
