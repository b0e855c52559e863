using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Logging;

/// <summary>The running reduction of one logged key over an epoch.</summary>
internal abstract class Accumulator(Reduction reduction) : IDisposable
{
    protected Reduction Reduction => reduction;

    public bool IsEmpty { get; protected set; } = true;

    public abstract void Add(Tensor value, double weight);

    public abstract void Add(double value, double weight);

    public abstract double Result();

    public abstract void Reset();

    /// <summary>Plain state for a checkpoint in mid-epoch.</summary>
    public abstract (double Value, double Weight) Save();

    public abstract void Load(double value, double weight);

    public abstract void Dispose();
}

/// <summary>For values on the CPU: two doubles.</summary>
internal sealed class HostAccumulator(Reduction reduction) : Accumulator(reduction)
{
    private double _value;
    private double _weight;

    public override void Add(Tensor value, double weight) => Add(MetricValue.ReadTensor(value), weight);

    public override void Add(double value, double weight)
    {
        _value = Reduction switch
        {
            Reduction.Mean => _value + (value * weight),
            Reduction.Sum => _value + value,
            Reduction.Min => IsEmpty ? value : Math.Min(_value, value),
            _ => IsEmpty ? value : Math.Max(_value, value),
        };
        _weight += weight;
        IsEmpty = false;
    }

    public override double Result() => Reduction == Reduction.Mean ? _value / _weight : _value;

    public override void Reset() => (_value, _weight, IsEmpty) = (0, 0, true);

    public override (double Value, double Weight) Save() => (_value, _weight);

    public override void Load(double value, double weight) => (_value, _weight, IsEmpty) = (value, weight, false);

    public override void Dispose()
    {
    }
}

/// <summary>For values on an accelerator: one tensor there, so that the step path never waits for the device.</summary>
internal sealed class DeviceAccumulator(Reduction reduction) : Accumulator(reduction)
{
    private Tensor? _value; // float32 or float64, no dimensions, lives until Reset
    private double _weight;

    public override void Add(Tensor value, double weight)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using Scalar factor = weight;
        var number = value.detach().reshape([]).to_type(value.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        if (Reduction == Reduction.Mean) number = number.mul(factor);
        var next = _value is null ? number.clone() : Reduction switch
        {
            Reduction.Min => minimum(_value, number),
            Reduction.Max => maximum(_value, number),
            _ => _value.add(number),
        };
        _value?.Dispose();
        _value = next.DetachFromDisposeScope(); // lives until Reset
        _weight += weight;
        IsEmpty = false;
    }

    public override void Add(double value, double weight)
    {
        using var number = tensor(value, dtype: ScalarType.Float64, device: _value?.device);
        Add(number, weight);
    }

    public override double Result()
    {
        if (_value is null) return double.NaN;
        var number = MetricValue.ReadTensor(_value); // waits for the device: somebody asked for the number
        return Reduction == Reduction.Mean ? number / _weight : number;
    }

    public override void Reset()
    {
        _value?.Dispose();
        (_value, _weight, IsEmpty) = (null, 0, true);
    }

    public override (double Value, double Weight) Save() => (_value is null ? 0 : MetricValue.ReadTensor(_value), _weight);

    public override void Load(double value, double weight)
    {
        Reset();
        _value = tensor(value, dtype: ScalarType.Float64).DetachFromDisposeScope();
        (_weight, IsEmpty) = (weight, false);
    }

    public override void Dispose() => Reset();
}
