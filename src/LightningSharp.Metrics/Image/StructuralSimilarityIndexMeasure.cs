using static TorchSharp.torch;

namespace LightningSharp.Metrics.Image;

/// <summary>How alike two images look in brightness, contrast and structure, window by window; 1 is equal.</summary>
/// <remarks>
/// (2 μ_x μ_y + c₁)(2 σ_xy + c₂) / ((μ_x² + μ_y² + c₁)(σ_x² + σ_y² + c₂)) with c = (k · range)². Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli, 2004. Mean over windows
/// around every pixel (the image mirrored at its edges), then over images. Images [N, C, H, W].
/// </remarks>
/// <param name="gaussianKernel">Whether windows are weighted by a Gaussian; a box otherwise.</param>
/// <param name="sigma">The width of the Gaussian; its window has 2·⌊3.5 σ + 0.5⌋ + 1 pixels.</param>
/// <param name="kernelSize">The side of the box.</param>
/// <param name="reduction">What becomes of one value per image.</param>
/// <param name="dataRange">The largest minus the smallest possible value; null to take it from each batch.</param>
/// <param name="k1">The first stabilising constant.</param>
/// <param name="k2">The second stabilising constant.</param>
public sealed class StructuralSimilarityIndexMeasure(
    bool gaussianKernel = true,
    double sigma = 1.5,
    int kernelSize = 11,
    ImageReduction reduction = ImageReduction.ElementwiseMean,
    double? dataRange = null,
    double k1 = 0.01,
    double k2 = 0.03)
    : SimilarityMetric(gaussianKernel, sigma, kernelSize, reduction, dataRange, k1, k2)
{
    private protected override Tensor Values(Tensor preds, Tensor target, Tensor kernel, Tensor range) => Ssim.OfImages(preds, target, kernel, range, K1, K2).Similarity;
}
