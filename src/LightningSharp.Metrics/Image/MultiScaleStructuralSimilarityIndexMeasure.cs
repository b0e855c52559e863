using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Image;

/// <summary>Structural similarity at several resolutions; 1 is equal.</summary>
/// <remarks>
/// Π cᵢ^βᵢ · s^β: the contrast parts at each halved resolution and the full similarity at the last, to the powers of the betas; negative parts count as 0.
/// Z. Wang, E. Simoncelli, A. Bovik, 2003. Images [N, C, H, W].
/// </remarks>
/// <param name="gaussianKernel">Whether windows are weighted by a Gaussian; a box otherwise.</param>
/// <param name="sigma">The width of the Gaussian; its window has 2·⌊3.5 σ + 0.5⌋ + 1 pixels.</param>
/// <param name="kernelSize">The side of the box.</param>
/// <param name="reduction">What becomes of one value per image.</param>
/// <param name="dataRange">The largest minus the smallest possible value; null to take it from each batch.</param>
/// <param name="k1">The first stabilising constant.</param>
/// <param name="k2">The second stabilising constant.</param>
/// <param name="betas">The power of each resolution; the five of the paper when null.</param>
public sealed class MultiScaleStructuralSimilarityIndexMeasure(
    bool gaussianKernel = true,
    double sigma = 1.5,
    int kernelSize = 11,
    ImageReduction reduction = ImageReduction.ElementwiseMean,
    double? dataRange = null,
    double k1 = 0.01,
    double k2 = 0.03,
    double[]? betas = null)
    : SimilarityMetric(gaussianKernel, sigma, kernelSize, reduction, dataRange, k1, k2)
{
    private readonly double[] _betas = betas ?? [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    /// <summary>The power of each resolution.</summary>
    public IReadOnlyList<double> Betas => _betas;

    private protected override int LeastSize => ((Window - 1) << (_betas.Length - 1)) + 1;

    private protected override Tensor Values(Tensor preds, Tensor target, Tensor kernel, Tensor range)
    {
        var product = ones(preds.size(0), preds.dtype, preds.device);
        for (var scale = 0; scale < _betas.Length; scale++)
        {
            var last = scale == _betas.Length - 1;
            var (similarity, contrast) = Ssim.OfImages(preds, target, kernel, range, K1, K2);
            product = product.mul((last ? similarity : contrast).relu().Power(_betas[scale]));
            if (last) break;
            (preds, target) = (nn.functional.avg_pool2d(preds, 2), nn.functional.avg_pool2d(target, 2));
        }

        return product;
    }
}
