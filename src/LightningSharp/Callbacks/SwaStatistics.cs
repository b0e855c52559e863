using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>The running statistics of batch normalisation, computed anew as plain means over one epoch.</summary>
internal sealed class SwaStatistics
{
    private readonly List<(nn.Module Module, PropertyInfo Momentum, object? Value)> _modules = [];

    /// <summary>Null when the model has no batch normalisation.</summary>
    public static SwaStatistics? Of(nn.Module module)
    {
        var found = new SwaStatistics();
        foreach (var part in module.modules().Prepend(module))
        {
            if (part.GetType().Name.StartsWith("BatchNorm", StringComparison.Ordinal) && part.GetType().GetProperty("momentum") is { CanWrite: true } momentum)
                found._modules.Add((part, momentum, momentum.GetValue(part)));
        }

        return found._modules.Count > 0 ? found : null;
    }

    /// <summary>Resets the statistics.</summary>
    public void Start()
    {
        foreach (var (module, _, _) in _modules)
        {
            using var noGrad = no_grad();
            foreach (var (name, buffer) in module.named_buffers(recurse: false))
            {
                if (name == "running_var") buffer.fill_(One);
                else buffer.zero_();
            }
        }
    }

    /// <summary>Before a batch: the n-th counts one n-th, so that in the end all count the same.</summary>
    public void NextBatch(int batchIndex)
    {
        foreach (var (module, momentum, _) in _modules) momentum.SetValue(module, 1.0 / (batchIndex + 1));
    }

    /// <summary>Puts the momentum back.</summary>
    public void End()
    {
        foreach (var (module, momentum, value) in _modules) momentum.SetValue(module, value);
    }

    private static readonly Scalar One = 1.0;
}
