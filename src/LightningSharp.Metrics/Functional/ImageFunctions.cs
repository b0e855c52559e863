using LightningSharp.Metrics.Image;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for images: one call, one value. Parameters as in the constructor of the metric named under "see also".
/// Gradients flow where the formula allows it.
/// </summary>
public static class ImageFunctions
{
    /// <summary>Structural similarity at several resolutions; 1 is equal.</summary>
    /// <seealso cref="Image.MultiScaleStructuralSimilarityIndexMeasure"/>
    public static Tensor MultiScaleStructuralSimilarityIndexMeasure(
        Tensor preds,
        Tensor target,
        bool gaussianKernel = true,
        double sigma = 1.5,
        int kernelSize = 11,
        ImageReduction reduction = ImageReduction.ElementwiseMean,
        double? dataRange = null,
        double k1 = 0.01,
        double k2 = 0.03,
        double[]? betas = null)
        => Stateless.Once(new MultiScaleStructuralSimilarityIndexMeasure(gaussianKernel, sigma, kernelSize, reduction, dataRange, k1, k2, betas), (preds, target));

    /// <summary>How large the signal may be compared with the error, in decibels (base 10).</summary>
    /// <seealso cref="Image.PeakSignalNoiseRatio"/>
    public static Tensor PeakSignalNoiseRatio(
        Tensor preds,
        Tensor target,
        double? dataRange = null,
        double @base = 10,
        ImageReduction reduction = ImageReduction.ElementwiseMean,
        long[]? dim = null)
        => Stateless.Once(new PeakSignalNoiseRatio(dataRange, @base, reduction, dim), (preds, target));

    /// <summary>How alike two images look in brightness, contrast and structure, window by window; 1 is equal.</summary>
    /// <seealso cref="Image.StructuralSimilarityIndexMeasure"/>
    public static Tensor StructuralSimilarityIndexMeasure(
        Tensor preds,
        Tensor target,
        bool gaussianKernel = true,
        double sigma = 1.5,
        int kernelSize = 11,
        ImageReduction reduction = ImageReduction.ElementwiseMean,
        double? dataRange = null,
        double k1 = 0.01,
        double k2 = 0.03)
        => Stateless.Once(new StructuralSimilarityIndexMeasure(gaussianKernel, sigma, kernelSize, reduction, dataRange, k1, k2), (preds, target));
}
