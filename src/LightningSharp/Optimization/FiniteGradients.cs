using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Looks at the gradients before an optimizer uses them, when <see cref="TrainerOptions.CheckGradients"/> is on; <see cref="TrainerOptions.OnNonFinite"/> says what follows.</summary>
internal sealed class FiniteGradients(Trainer trainer, ILightningModule model)
{
    private const int MostNames = 3;
    private readonly bool _isOn = trainer.Options is { CheckGradients: true, OnNonFinite: not NonFiniteAction.Ignore };
    private readonly NonFiniteAnswer _answer = new(trainer, "step", "roots and logarithms at zero");

    /// <summary>Whether the optimizer may step.</summary>
    public bool Allow(LightningOptimizer optimizer)
    {
        if (!_isOn || trainer.Running.Precision.LossScale is not null) return true; // a loss scale leaves such steps out itself
        using var norm = Gradients.TotalNorm(optimizer.ParameterArray);
        if (double.IsFinite(MetricValue.ReadTensor(norm))) return true; // waits for the device: said in the option's description
        var text = $"gradients of {Names(optimizer)} are NaN or infinite";
        return _answer.Give(text, text);
    }

    private string Names(LightningOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        var own = optimizer.Parameters.ToHashSet(ReferenceEqualityComparer.Instance);
        var broken = model.Module.named_parameters().Where(entry => entry.parameter.grad is { } gradient && !gradient.isfinite().all().item<bool>()).ToList();
        var names = broken.Where(entry => own.Contains(entry.parameter)).Select(entry => entry.name).ToList();
        if (names.Count == 0) names = [.. broken.Select(entry => entry.name)]; // LBFGS gives out other wrappers of its parameters
        return names.Count <= MostNames ? string.Join(", ", names.Select(name => $"'{name}'")) : $"'{string.Join("', '", names.Take(MostNames))}' and {names.Count - MostNames} more";
    }
}
