using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>
/// Refuses what PyTorch refuses and TorchSharp does not: one value per channel in train mode, where the variance is NaN and stays in the running statistics for good.
/// </summary>
internal sealed class BatchNormCheck : IDisposable
{
    private readonly List<Action> _remove = [];

    public BatchNormCheck(nn.Module model)
    {
        foreach (var (name, module) in model.named_modules())
        {
            if (module is TorchSharp.Modules.BatchNorm norm)
                _remove.Add(norm.register_forward_pre_hook((self, input) => Require(name, self, input)).remove);
        }
    }

    public void Dispose()
    {
        foreach (var remove in _remove) remove();
    }

    private static Tensor Require(string name, nn.Module module, Tensor input)
    {
        if (!module.training || input.dim() < 2 || input.numel() != input.size(1)) return input;
        throw new DataException(
            $"{module.GetType().Name} '{name}' received [{string.Join(", ", input.shape)}] in train mode: one value per channel has no variance, and NaN would stay in the running statistics. "
            + "Expected at least two values per channel. If the last batch of an epoch has one sample, pass dropLast: true to the DataLoader, or choose another batch size.");
    }
}
