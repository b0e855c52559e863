using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Native;

/// <summary>
/// Watches the dropout layers of a model during one step: libtorch draws their random numbers in the order of memory, so over images with channels innermost
/// they would fall on other elements than in the ordinary layout.
/// </summary>
internal sealed class DrawingOrder : IDisposable
{
    private readonly List<Action> _remove = [];

    public DrawingOrder(nn.Module model)
    {
        foreach (var module in model.modules())
        {
            if (module is not (Dropout or AlphaDropout) || module is not nn.Module<Tensor, Tensor> layer) continue;
            var hook = layer.register_forward_pre_hook((_, input) =>
            {
                if (layer.training && input.dim() == 4 && !input.is_contiguous()) throw new LayoutException();
                return null!; // TorchSharp keeps the input when a hook gives null
            });
            _remove.Add(hook.remove);
        }
    }

    public void Dispose()
    {
        foreach (var remove in _remove) remove();
    }
}
