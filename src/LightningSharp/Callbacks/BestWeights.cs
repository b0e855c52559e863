using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>The weights at the best value of a metric so far, copied in memory.</summary>
internal sealed class BestWeights
{
    private Dictionary<string, Tensor>? _weights;

    /// <summary>The best value; NaN before the first.</summary>
    public float Value { get; private set; } = float.NaN;

    /// <summary>The epoch of the best value; -1 before the first.</summary>
    public int Epoch { get; private set; } = -1;

    /// <summary>NaN is never better, and anything is better than no value.</summary>
    public bool IsBetter(float value, MonitorMode mode)
        => !float.IsNaN(value) && (Epoch < 0 || (mode == MonitorMode.Min ? value < Value : value > Value));

    public void Take(nn.Module module, float value, int epoch, bool copyWeights)
    {
        (Value, Epoch) = (value, epoch);
        if (!copyWeights) return;
        using var noGrad = no_grad();
        var current = MetricParts.WeightsOf(module);
        if (_weights is null)
        {
            _weights = current.ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
            return;
        }

        foreach (var (name, tensor) in current) _weights[name].copy_(tensor);
    }

    /// <summary>Copies the weights back; false when there are none.</summary>
    public bool Restore(nn.Module module)
    {
        if (_weights is null) return false;
        using var noGrad = no_grad();
        foreach (var (name, tensor) in MetricParts.WeightsOf(module))
        {
            if (_weights.TryGetValue(name, out var best)) tensor.copy_(best);
        }

        return true;
    }

    /// <summary>Frees the copies and forgets the value.</summary>
    public void Reset()
    {
        Release();
        (Value, Epoch) = (float.NaN, -1);
    }

    /// <summary>Frees the copies; value and epoch stay known.</summary>
    public void Release()
    {
        foreach (var tensor in _weights?.Values.ToArray() ?? []) tensor.Dispose();
        _weights = null;
    }
}
