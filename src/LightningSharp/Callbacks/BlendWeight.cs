using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>The weight of one update of an average, as the tensor that libtorch's <c>lerp_</c> wants: made once for all parameters of a type and device.</summary>
internal sealed class BlendWeight(double weight) : IDisposable
{
    private Tensor? _tensor;

    /// <summary><c>average += weight · (current − average)</c>, in place.</summary>
    public void Enter(Tensor average, Tensor current)
    {
        if (_tensor is null || _tensor.dtype != average.dtype || _tensor.device_type != average.device_type || _tensor.device_index != average.device_index)
        {
            _tensor?.Dispose();
            _tensor = tensor(weight, average.dtype, average.device).DetachFromDisposeScope();
        }

        average.lerp_(current, _tensor);
    }

    public void Dispose() => _tensor?.Dispose();
}
