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
        var (c1, c2) = ((range * k1).square(), (range * k2).square());
        var (vx, vy) = ((means[2] - mx.square()).clamp_min(0), (means[3] - my.square()).clamp_min(0));
        var covariance = means[4] - (mx * my);
        var contrast = ((2 * covariance) + c2) / (vx + vy + c2);
        var similarity = ((2 * mx * my) + c1) / (mx.square() + my.square() + c1) * contrast;
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
        var distance = arange(-half, half + 1, like.dtype, like.device);
        var row = (-(distance / sigma).square() / 2).exp();
        row = row / row.sum();
        return (row.unsqueeze(1) * row.unsqueeze(0)).unsqueeze(0).unsqueeze(0);
    }

    internal static Tensor Box(int size, Tensor like) => full([1, 1, size, size], 1.0 / (size * size), like.dtype, like.device);

    /// <summary>What was given, or the wider of the two images' spans.</summary>
    internal static Tensor Range(double? known, Tensor x, Tensor y)
        => known is { } range ? full([], range, x.dtype, x.device) : (x.amax() - x.amin()).maximum(y.amax() - y.amin());

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
