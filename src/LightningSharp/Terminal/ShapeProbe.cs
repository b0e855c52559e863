using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Terminal;

/// <summary>
/// Looks at one forward pass through hooks: output shapes, and the operations of convolutions and linear layers. It changes nothing, draws no random number, and is
/// gone after the first batch. Layers that take or give anything but one tensor are not seen.
/// </summary>
internal sealed class ShapeProbe : IDisposable
{
    private readonly Dictionary<nn.Module, long[]> _shapes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<nn.Module, long> _flops = new(ReferenceEqualityComparer.Instance);
    private readonly List<Action> _remove = [];

    public ShapeProbe(nn.Module root)
    {
        foreach (var module in root.modules())
        {
            if (module is not nn.Module<Tensor, Tensor> layer) continue;
            var hook = layer.register_forward_hook((_, input, output) =>
            {
                See(layer, input, output);
                return null!; // TorchSharp keeps the output when a hook gives null
            });
            _remove.Add(hook.remove);
        }
    }

    public bool HasSeen => _shapes.Count > 0;

    public IReadOnlyList<long>? ShapeOf(nn.Module module) => _shapes.GetValueOrDefault(module);

    /// <summary>Operations of the module and everything in it; null when none were counted.</summary>
    public long? FlopsOf(nn.Module module)
    {
        var sum = _flops.GetValueOrDefault(module);
        foreach (var inner in module.modules())
        {
            if (!ReferenceEquals(inner, module)) sum += _flops.GetValueOrDefault(inner);
        }

        return sum > 0 ? sum : null;
    }

    /// <summary>The step runs once more: only then it counts.</summary>
    public void Forget()
    {
        _shapes.Clear();
        _flops.Clear();
    }

    public void Dispose()
    {
        foreach (var remove in _remove) remove();
        _remove.Clear();
    }

    private void See(nn.Module layer, Tensor input, Tensor output)
    {
        _shapes[layer] = output.shape;
        var type = layer.GetType().Name;
        if (layer.GetType().Assembly != typeof(nn.Module).Assembly || !(type == "Linear" || type.StartsWith("Conv", StringComparison.Ordinal))) return;
        foreach (var (name, weight) in layer.named_parameters(recurse: false))
        {
            if (name != "weight" || weight.shape is not { Length: > 1 } shape) continue;
            // Every output number takes the weights of one output channel; in a transposed convolution every input number spreads over those of one input channel.
            var perChannel = weight.numel() / Math.Max(1, shape[0]);
            var numbers = type.Contains("Transpose", StringComparison.Ordinal) ? input.numel() : output.numel();
            _flops[layer] = _flops.GetValueOrDefault(layer) + (2 * numbers * perChannel);
        }
    }
}
