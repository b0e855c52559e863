using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Image;

/// <summary>How alike two images look in brightness, contrast and structure, window by window; 1 is equal.</summary>
/// <remarks>Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli, 2004. Mean over windows around every pixel (the image mirrored at its edges), then over images. Images [N, C, H, W].</remarks>
public sealed class StructuralSimilarityIndexMeasure : Metric<Tensor, Tensor>
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
    public StructuralSimilarityIndexMeasure(
        bool gaussianKernel = true,
        double sigma = 1.5,
        int kernelSize = 11,
        double? dataRange = null,
        double k1 = 0.01,
        double k2 = 0.03)
    {
        (GaussianKernel, Sigma, KernelSize, DataRange, K1, K2) = (gaussianKernel, sigma, kernelSize, dataRange, k1, k2);
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

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    private int Window => GaussianKernel ? (2 * (int)((3.5 * Sigma) + 0.5)) + 1 : KernelSize;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        Ssim.Check(GetName(), preds, target, Window);
        var kernel = GaussianKernel ? Ssim.Gaussian(Sigma, preds) : Ssim.Box(KernelSize, preds);
        var values = Values(preds, target.to(preds.dtype), kernel, Ssim.Range(DataRange, preds, target));
        _sum.Add(values.sum(float64));
        using var count = full([], preds.size(0), int64, preds.device);
        _count.Add(count);
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _sum.Value.div(_count.Value).to(float32);

    private Tensor Values(Tensor preds, Tensor target, Tensor kernel, Tensor range) => Ssim.OfImages(preds, target, kernel, range, K1, K2).Similarity;
}
