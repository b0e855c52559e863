using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Profiling;

/// <summary>Makes the forward pass of every layer from tensor to tensor an action, by its path in the model.</summary>
internal sealed class ModuleTimes : IDisposable
{
    private readonly List<Action> _remove = [];

    public ModuleTimes(Profiler profiler, nn.Module root)
    {
        foreach (var (path, module) in root.named_modules())
        {
            if (module is not nn.Module<Tensor, Tensor> layer) continue;
            var action = $"[Module]{path} ({module.GetType().Name})";
            var before = layer.register_forward_pre_hook((_, _) =>
            {
                profiler.Begin(action);
                return null!; // TorchSharp keeps the input when a hook gives null
            });
            var after = layer.register_forward_hook((_, _, _) =>
            {
                profiler.End(action);
                return null!; // the output likewise
            });
            _remove.Add(before.remove);
            _remove.Add(after.remove);
        }
    }

    public void Dispose()
    {
        foreach (var remove in _remove) remove();
        _remove.Clear();
    }
}
