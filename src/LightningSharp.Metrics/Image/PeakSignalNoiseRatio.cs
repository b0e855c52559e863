using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Image;

/// <summary>How large the signal may be compared with the error, in decibels (base 10).</summary>
/// <remarks>10 log_b(range² / MSE) over all elements seen. Infinite without error.</remarks>
public sealed class PeakSignalNoiseRatio : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;
    private readonly MetricState _low;
    private readonly MetricState _high;

    /// <summary>Creates the metric.</summary>
    /// <param name="dataRange">The largest minus the smallest possible value; null to take it from all targets seen and 0.</param>
    /// <param name="base">The base of the logarithm.</param>
    public PeakSignalNoiseRatio(double? dataRange = null, double @base = 10)
    {
        if (dataRange is <= 0) throw new ArgumentOutOfRangeException(nameof(dataRange), dataRange, $"{GetName()} wants a positive dataRange. Received: {dataRange}.");
        (DataRange, Base) = (dataRange, @base);
        _sum = AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
        _low = AddState("low", zeros([]), StateReduction.Min);
        _high = AddState("high", zeros([]), StateReduction.Max);
    }

    /// <summary>The largest minus the smallest possible value; null to take it from the targets.</summary>
    public double? DataRange { get; }

    /// <summary>The base of the logarithm.</summary>
    public double Base { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.SameShape(GetName(), preds, target);
        var (x, y) = (preds.to(float32), target.to(float32));
        _sum.Add(x.Minus(y).square().sum(float64));
        using var count = full([], y.numel(), int64, y.device);
        _count.Add(count);
        if (DataRange is not null) return;
        _low.Set(_low.Value.minimum(y.amin()));
        _high.Set(_high.Value.maximum(y.amax()));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var range = DataRange is { } known ? full([], known, float64, _sum.Value.device) : (_high.Value - _low.Value).to(float64);
        return ((range.square() / (_sum.Value / _count.Value)).log() * (10 / Math.Log(Base))).to(float32);
    }
}
