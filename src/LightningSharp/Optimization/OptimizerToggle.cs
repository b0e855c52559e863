using TorchSharp.Modules;

namespace LightningSharp.Optimization;

/// <summary>While alive, only the parameters of one optimizer require gradients; restores every flag at the end, also after an exception.</summary>
internal sealed class OptimizerToggle : IDisposable
{
    private readonly List<(Parameter Parameter, bool RequiresGrad)> _remembered = [];

    public static OptimizerToggle Enter(LightningOptimizer optimizer, IReadOnlyList<LightningOptimizer> all)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var toggle = new OptimizerToggle();
        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        foreach (var parameter in all.SelectMany(entry => entry.Parameters))
        {
            if (seen.Add(parameter)) toggle._remembered.Add((parameter, parameter.requires_grad));
        }

        var own = new HashSet<Parameter>(optimizer.Parameters, ReferenceEqualityComparer.Instance);
        foreach (var (parameter, requiresGrad) in toggle._remembered) parameter.requires_grad = own.Contains(parameter) && requiresGrad;
        return toggle;
    }

    public void Dispose()
    {
        foreach (var (parameter, requiresGrad) in _remembered) parameter.requires_grad = requiresGrad;
        _remembered.Clear();
    }
}
