using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>The train/eval flag of every sub-module, to be restored one by one after an evaluation: a layer that the user froze stays frozen.</summary>
internal sealed class ModuleModes
{
    private readonly List<(nn.Module Module, bool Training)> _modes = [];

    public ModuleModes(nn.Module root)
    {
        Remember(root);
    }

    /// <summary>Names of sub-modules in eval mode.</summary>
    public static int CountEval(nn.Module root) => root.modules().Count(module => !module.training) + (root.training ? 0 : 1);

    public void Restore()
    {
        // train() is recursive: parents first, then each child sets itself right.
        foreach (var (module, training) in _modes)
        {
            if (module.training != training) module.train(training);
        }
    }

    /// <summary>The module's own hook has set the flags.</summary>
    public void Forget() => _modes.Clear();

    private void Remember(nn.Module module)
    {
        _modes.Add((module, module.training));
        foreach (var child in module.children()) Remember(child);
    }
}
