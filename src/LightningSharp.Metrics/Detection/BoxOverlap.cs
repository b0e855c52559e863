using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>Overlap of every box of one set with every box of another, shape [N, M]; boxes [_, 4] as left, top, right, bottom.</summary>
internal static class BoxOverlap
{
    /// <summary>Boxes of any format as left, top, right, bottom in float32.</summary>
    internal static Tensor Corners(Tensor boxes, BoxFormat format)
    {
        var given = boxes.to(float32);
        if (format == BoxFormat.Xyxy || given.numel() == 0) return given.reshape(-1, 4);
        var (place, size) = (given.narrow(1, 0, 2), given.narrow(1, 2, 2));
        var low = format == BoxFormat.Xywh ? place : place.Minus(size.div(Numbers.Two));
        return cat([low, low.Plus(size)], 1);
    }

    /// <summary>Intersection over union, and the union.</summary>
    internal static (Tensor Overlap, Tensor Union) Plain(Tensor a, Tensor b)
    {
        var (low, high) = (a.unsqueeze(1).narrow(2, 0, 2).maximum(b.unsqueeze(0).narrow(2, 0, 2)), a.unsqueeze(1).narrow(2, 2, 2).minimum(b.unsqueeze(0).narrow(2, 2, 2)));
        var common = high.Minus(low).clamp_min(Numbers.Zero).prod(2);
        var union = Area(a).unsqueeze(1).Plus(Area(b).unsqueeze(0)).Minus(common);
        return (Numbers.SafeDivide(common, union), union);
    }

    /// <summary>Less the share of the smallest box around both that neither fills (H. Rezatofighi et al., 2019).</summary>
    internal static Tensor Generalized(Tensor a, Tensor b)
    {
        var (overlap, union) = Plain(a, b);
        var hull = Hull(a, b).prod(2);
        return overlap.Minus(hull.Minus(union).div(hull));
    }

    /// <summary>Less the squared distance of centres over the squared diagonal of the box around both (Z. Zheng et al., 2020).</summary>
    internal static Tensor Distance(Tensor a, Tensor b)
    {
        var apart = Centre(a).unsqueeze(1).Minus(Centre(b).unsqueeze(0)).square().sum(2);
        return Plain(a, b).Overlap.Minus(apart.div(Hull(a, b).square().sum(2).Plus(1e-7)));
    }

    /// <summary>Less a penalty for different proportions too (Z. Zheng et al., 2020).</summary>
    internal static Tensor Complete(Tensor a, Tensor b)
    {
        var overlap = Plain(a, b).Overlap;
        var proportion = Slope(a).unsqueeze(1).Minus(Slope(b).unsqueeze(0)).square().Times(4 / (Math.PI * Math.PI));
        return Distance(a, b).Minus(proportion.square().div(proportion.Minus(overlap).Plus(1 + 1e-7)));
    }

    internal static Tensor Area(Tensor boxes) => boxes.narrow(1, 2, 2).Minus(boxes.narrow(1, 0, 2)).prod(1);

    private static Tensor Centre(Tensor boxes) => boxes.narrow(1, 0, 2).Plus(boxes.narrow(1, 2, 2)).div(Numbers.Two);

    private static Tensor Slope(Tensor boxes) => boxes.select(1, 2).Minus(boxes.select(1, 0)).div(boxes.select(1, 3).Minus(boxes.select(1, 1))).atan();

    private static Tensor Hull(Tensor a, Tensor b)
        => a.unsqueeze(1).narrow(2, 2, 2).maximum(b.unsqueeze(0).narrow(2, 2, 2)).Minus(a.unsqueeze(1).narrow(2, 0, 2).minimum(b.unsqueeze(0).narrow(2, 0, 2)));
}
