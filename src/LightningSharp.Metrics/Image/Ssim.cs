using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Image;

/// <summary>Structural similarity of images [N, C, H, W] by windows. Differentiable: also of use as a loss.</summary>
internal static class Ssim
{
    /// <summary>The similarity and its contrast part of each image, shape [N].</summary>
    internal static (Tensor Similarity, Tensor Contrast) OfImages(Tensor x, Tensor y, Tensor kernel, Tensor range, double k1, double k2)
    {
        var (n, channels) = (x.size(0), x.size(1));
        var (padH, padW) = (kernel.size(2) / 2, kernel.size(3) / 2);
        (x, y) = (Mirrored(x, padH, padW), Mirrored(y, padH, padW));
        var window = kernel.expand(channels, 1, kernel.size(2), kernel.size(3));
        // One convolution for the five means that the formula needs.
        var means = nn.functional.conv2d(cat([x, y, x.square(), y.square(), x.mul(y)], 0), window, groups: channels).split(n, 0);
        var (mx, my) = (means[0], means[1]);
        using Scalar first = k1, second = k2;
        var (c1, c2) = (range.mul(first).square(), range.mul(second).square());
        var (vx, vy) = (means[2].Minus(mx.square()).clamp_min(Numbers.Zero), means[3].Minus(my.square()).clamp_min(Numbers.Zero));
        var both = mx.mul(my);
        var contrast = means[4].Minus(both).mul(Numbers.Two).Plus(c2).div(vx.Plus(vy).Plus(c2));
        var similarity = both.mul(Numbers.Two).Plus(c1).div(mx.square().Plus(my.square()).Plus(c1)).mul(contrast);
        // As torchmetrics: the similarity counts every window, the contrast only those inside the image.
        var inside = contrast.narrow(2, padH, contrast.size(2) - (2 * padH)).narrow(3, padW, contrast.size(3) - (2 * padW));
        return (similarity.flatten(1).mean([1L]), inside.flatten(1).mean([1L]));
    }

    private static Tensor Mirrored(Tensor image, long height, long width)
        => nn.functional.pad(image, [width, width, height, height], PaddingModes.Reflect);

    /// <summary>A normalised Gaussian of shape [1, 1, size, size].</summary>
    internal static Tensor Gaussian(double sigma, Tensor like)
    {
        var half = (int)((3.5 * sigma) + 0.5);
        using Scalar from = -half, to = half + 1, factor = -1 / (2 * sigma * sigma);
        var row = arange(from, to, like.dtype, like.device).square().mul(factor).exp();
        row = row.div(row.sum());
        return row.unsqueeze(1).mul(row.unsqueeze(0)).unsqueeze(0).unsqueeze(0);
    }

    internal static Tensor Box(int size, Tensor like)
    {
        using Scalar share = 1.0 / (size * size);
        return full([1, 1, size, size], share, like.dtype, like.device);
    }

    /// <summary>What was given, or the wider of the two images' spans.</summary>
    internal static Tensor Range(double? known, Tensor x, Tensor y)
    {
        using Scalar given = known ?? 0;
        return known is not null ? full([], given, x.dtype, x.device) : x.amax().Minus(x.amin()).maximum(y.amax().Minus(y.amin()));
    }

    internal static void Check(string metric, Tensor preds, Tensor target, int window)
    {
        InputCheck.SameShape(metric, preds, target);
        InputCheck.Dimensions(metric, preds, "preds", 4, "[N, C, H, W]");
        InputCheck.Floating(metric, preds, "preds");
        if (preds.size(2) < window || preds.size(3) < window)
        {
            throw new ArgumentException($"{metric} wants images of at least {window} × {window} pixels for its window. Received: {InputCheck.Shape(preds)}.");
        }
    }
}
