using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Image;

/// <summary>Structural similarity of images by windows: a value for each image, reduced as asked.</summary>
public abstract class SimilarityMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _values;
    private readonly MetricState _count;

    private protected SimilarityMetric(bool gaussianKernel, double sigma, int kernelSize, ImageReduction reduction, double? dataRange, double k1, double k2)
    {
        if (sigma is not (> 0 and < double.PositiveInfinity)) throw new ArgumentOutOfRangeException(nameof(sigma), sigma, $"{GetName()} wants a positive sigma. Received: {sigma}.");
        if (dataRange is <= 0) throw new ArgumentOutOfRangeException(nameof(dataRange), dataRange, $"{GetName()} wants a positive dataRange. Received: {dataRange}.");
        if (kernelSize <= 0 || kernelSize % 2 == 0) throw new ArgumentOutOfRangeException(nameof(kernelSize), kernelSize, $"{GetName()} wants an odd, positive kernelSize. Received: {kernelSize}.");
        (GaussianKernel, Sigma, KernelSize, Reduction, DataRange, K1, K2) = (gaussianKernel, sigma, kernelSize, reduction, dataRange, k1, k2);
        _values = reduction == ImageReduction.None ? AddListState("values") : AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>Whether windows are weighted by a Gaussian.</summary>
    public bool GaussianKernel { get; }

    /// <summary>The width of the Gaussian.</summary>
    public double Sigma { get; }

    /// <summary>The side of the box.</summary>
    public int KernelSize { get; }

    /// <summary>What becomes of one value per image.</summary>
    public ImageReduction Reduction { get; }

    /// <summary>The largest minus the smallest possible value; null to take it from each batch.</summary>
    public double? DataRange { get; }

    /// <summary>The first stabilising constant.</summary>
    public double K1 { get; }

    /// <summary>The second stabilising constant.</summary>
    public double K2 { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <summary>The least side of an image.</summary>
    private protected virtual int LeastSize => Window;

    private protected int Window => GaussianKernel ? (2 * (int)((3.5 * Sigma) + 0.5)) + 1 : KernelSize;

    /// <summary>The value of each image, shape [N].</summary>
    private protected abstract Tensor Values(Tensor preds, Tensor target, Tensor kernel, Tensor range);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        Ssim.Check(GetName(), preds, target, LeastSize);
        var kernel = GaussianKernel ? Ssim.Gaussian(Sigma, preds) : Ssim.Box(KernelSize, preds);
        var values = Values(preds, target.to(preds.dtype), kernel, Ssim.Range(DataRange, preds, target));
        if (Reduction == ImageReduction.None) _values.Append(values);
        else _values.Add(values.sum(float64));
        _count.Add(preds.size(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Reduction switch
    {
        ImageReduction.None => _values.Cat(),
        ImageReduction.Sum => _values.Value.to(float32),
        _ => _values.Value.div(_count.Value).to(float32),
    };
}
