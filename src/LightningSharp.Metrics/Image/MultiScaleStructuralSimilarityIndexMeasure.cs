using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Image;

/// <summary>Structural similarity at several resolutions; 1 is equal.</summary>
/// <remarks>Z. Wang, E. Simoncelli, A. Bovik, 2003: the product of the contrast parts at each halved resolution and the full similarity at the last, to the powers of the betas; negative parts count as 0. Images [N, C, H, W].</remarks>
public sealed class MultiScaleStructuralSimilarityIndexMeasure : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="gaussianKernel">Whether windows are weighted by a Gaussian; a box otherwise.</param>
    /// <param name="sigma">The width of the Gaussian; its window has 2·⌊3.5 σ + 0.5⌋ + 1 pixels.</param>
    /// <param name="kernelSize">The side of the box.</param>
    /// <param name="dataRange">The largest minus the smallest possible value; null to take it from each batch.</param>
    /// <param name="k1">The first stabilising constant.</param>
    /// <param name="k2">The second stabilising constant.</param>
    /// <param name="betas">The power of each resolution; the five of the paper when null.</param>
    public MultiScaleStructuralSimilarityIndexMeasure(
        bool gaussianKernel = true,
        double sigma = 1.5,
        int kernelSize = 11,
        double? dataRange = null,
        double k1 = 0.01,
        double k2 = 0.03,
        double[]? betas = null)
    {
        (GaussianKernel, Sigma, KernelSize, DataRange, K1, K2) = (gaussianKernel, sigma, kernelSize, dataRange, k1, k2);
        Betas = betas ?? [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
        _sum = AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>Whether windows are weighted by a Gaussian.</summary>
    public bool GaussianKernel { get; }

    /// <summary>The width of the Gaussian.</summary>
    public double Sigma { get; }

    /// <summary>The side of the box.</summary>
    public int KernelSize { get; }

    /// <summary>The largest minus the smallest possible value; null to take it from each batch.</summary>
    public double? DataRange { get; }

    /// <summary>The first stabilising constant.</summary>
    public double K1 { get; }

    /// <summary>The second stabilising constant.</summary>
    public double K2 { get; }

    /// <summary>The power of each resolution.</summary>
    public double[]? Betas { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    private int Window => GaussianKernel ? (2 * (int)((3.5 * Sigma) + 0.5)) + 1 : KernelSize;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        Ssim.Check(GetName(), preds, target, ((Window - 1) << (Betas!.Length - 1)) + 1);
        var kernel = GaussianKernel ? Ssim.Gaussian(Sigma, preds) : Ssim.Box(KernelSize, preds);
        var values = Values(preds, target.to(preds.dtype), kernel, Ssim.Range(DataRange, preds, target));
        _sum.Add(values.sum(float64));
        using var count = full([], preds.size(0), int64, preds.device);
        _count.Add(count);
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _sum.Value.div(_count.Value).to(float32);

    private Tensor Values(Tensor preds, Tensor target, Tensor kernel, Tensor range)
    {
        var product = ones(preds.size(0), preds.dtype, preds.device);
        for (var scale = 0; scale < Betas!.Length; scale++) // the constructor sets them
        {
            var (similarity, contrast) = Ssim.OfImages(preds, target, kernel, range, K1, K2);
            using Scalar weight = Betas[scale];
            product = product.mul((scale == Betas.Length - 1 ? similarity : contrast).relu().pow(weight));
            if (scale == Betas.Length - 1) break;
            (preds, target) = (nn.functional.avg_pool2d(preds, 2), nn.functional.avg_pool2d(target, 2));
        }

        return product;
    }
}
