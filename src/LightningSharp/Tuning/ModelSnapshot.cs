using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tuning;

/// <summary>Everything that a trial changes, to be put back exactly: weights and buffers, the train or eval mode of each submodule, and the random state.</summary>
internal sealed class ModelSnapshot : IDisposable
{
    private readonly nn.Module _module;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly (nn.Module Module, bool Training)[] _modes;
    private readonly RandomState _random;

    public ModelSnapshot(nn.Module module)
    {
        _module = module;
        using var noGrad = no_grad();
        _weights = MetricParts.WeightsOf(module).ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
        _modes = [.. module.modules().Prepend(module).Select(part => (part, part.training))];
        _random = RandomState.Capture();
    }

    /// <summary>Puts everything back; afterwards the snapshot is empty.</summary>
    public void Dispose()
    {
        using (no_grad())
        {
            foreach (var (name, tensor) in MetricParts.WeightsOf(_module))
            {
                if (_weights.TryGetValue(name, out var saved)) tensor.copy_(saved);
            }
        }

        _module.zero_grad(set_to_none: true);
        // Parents first: train() and eval() reach down, so that each child has the last word on itself.
        foreach (var (part, training) in _modes) part.train(training);
        foreach (var tensor in _weights.Values) tensor.Dispose();
        _weights.Clear();
        _random.Restore();
    }
}
