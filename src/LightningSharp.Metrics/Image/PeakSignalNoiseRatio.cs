using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Image;

/// <summary>How large the signal may be compared with the error, in decibels (base 10).</summary>
/// <remarks>10 log_b(range² / MSE): the MSE is that of all elements seen, or with <c>dim</c> that of each slice over these dimensions, whose values are then reduced. Infinite without error.</remarks>
public sealed class PeakSignalNoiseRatio : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;
    private readonly MetricState? _low;
    private readonly MetricState? _high;
    private readonly long[]? _dim;

    /// <summary>Creates the metric.</summary>
    /// <param name="dataRange">The largest minus the smallest possible value; null to take it from all targets seen and 0, which is not possible with dim.</param>
    /// <param name="base">The base of the logarithm.</param>
    /// <param name="reduction">What becomes of one value per slice; without dim there is only one.</param>
    /// <param name="dim">The dimensions of one slice: [1, 2, 3] gives each image of [N, C, H, W] a value of its own. Null: one value over everything.</param>
    public PeakSignalNoiseRatio(double? dataRange = null, double @base = 10, ImageReduction reduction = ImageReduction.ElementwiseMean, long[]? dim = null)
    {
        if (dataRange is <= 0) throw new ArgumentOutOfRangeException(nameof(dataRange), dataRange, $"{GetName()} wants a positive dataRange. Received: {dataRange}.");
        if (@base is not (> 0 and not 1)) throw new ArgumentOutOfRangeException(nameof(@base), @base, $"{GetName()} wants a positive base other than 1. Received: {@base}.");
        if (dim is not null && dataRange is null) throw new ArgumentException($"{GetName()} wants a dataRange when dim is given: the slices of one batch do not show the range of all. Received: dim [{string.Join(", ", dim)}] and no dataRange.", nameof(dataRange));
        if (dim is { Length: 0 }) throw new ArgumentException($"{GetName()} wants at least one dimension in dim, or null for one value over everything. Received: none.", nameof(dim));
        (DataRange, Base, Reduction, _dim) = (dataRange, @base, reduction, dim);
        _sum = dim is not null && reduction == ImageReduction.None ? AddListState("values") : AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
        if (dataRange is not null) return;
        _low = AddState("low", zeros([]), StateReduction.Min);
        _high = AddState("high", zeros([]), StateReduction.Max);
    }

    /// <summary>The largest minus the smallest possible value; null to take it from the targets.</summary>
    public double? DataRange { get; }

    /// <summary>The base of the logarithm.</summary>
    public double Base { get; }

    /// <summary>What becomes of one value per slice.</summary>
    public ImageReduction Reduction { get; }

    /// <summary>The dimensions of one slice; null for one value over everything.</summary>
    public IReadOnlyList<long>? Dim => _dim;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.SameShape(GetName(), preds, target);
        var (x, y) = (preds.to(float32), target.to(float32));
        var errors = x.Minus(y).square();
        if (_dim is not null)
        {
            AddSlices(errors);
            return;
        }

        _sum.Add(errors.sum(float64));
        _count.Add(y.numel());
        _low?.Set(_low.Value.minimum(y.amin()));
        _high?.Set(_high.Value.maximum(y.amax()));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        if (_sum.IsList) return _sum.Cat();
        if (_dim is not null) return (Reduction == ImageReduction.Sum ? _sum.Value : _sum.Value.div(_count.Value)).to(float32);
        var range = DataRange is { } known ? Numbers.Number(known, float64, _sum.Value.device) : _high!.Value.Minus(_low!.Value).to(float64); // kept without a given range
        return Decibels(range, _sum.Value.div(_count.Value)).to(float32);
    }

    private void AddSlices(Tensor errors)
    {
        foreach (var d in _dim!) // checked by the caller
        {
            if (d >= errors.dim() || d < -errors.dim()) throw new ArgumentException($"{GetName()} wants inputs with the dimensions dim = [{string.Join(", ", _dim!)}]. Received: {InputCheck.Shape(errors)}.");
        }

        var values = Decibels(Numbers.Number(DataRange!.Value, float64, errors.device), errors.mean(_dim, type: float64)).flatten(); // the constructor wants a range with dim
        if (_sum.IsList) _sum.Append(values.to(float32));
        else _sum.Add(values.sum());
        _count.Add(values.numel());
    }

    private Tensor Decibels(Tensor range, Tensor meanSquaredError) => range.square().div(meanSquaredError).log().Times(10 / Math.Log(Base));
}
