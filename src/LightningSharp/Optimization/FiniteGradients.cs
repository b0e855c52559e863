using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Looks at the gradients before an optimizer uses them, when <see cref="TrainerOptions.CheckGradients"/> is on; <see cref="TrainerOptions.OnNonFinite"/> says what follows.</summary>
internal sealed class FiniteGradients(Trainer trainer, ILightningModule model)
{
    private const int MostNames = 3;
    private readonly bool _isOn = trainer.Options is { CheckGradients: true, OnNonFinite: not NonFiniteAction.Ignore };
    private bool _said;

    /// <summary>Whether the optimizer may step.</summary>
    public bool Allow(LightningOptimizer optimizer)
    {
        if (!_isOn || trainer.Running.Precision.LossScale is not null) return true; // a loss scale leaves such steps out itself
        using var norm = Gradients.TotalNorm(optimizer.ParameterArray);
        if (double.IsFinite(MetricValue.ReadTensor(norm))) return true; // waits for the device: said in the option's description
        var action = trainer.Options.OnNonFinite;
        var text = $"gradients of {Names(optimizer)} are NaN or infinite in epoch {trainer.Progress.Epoch}, batch {trainer.BatchIndex}";
        Say(text, action);
        if (action == NonFiniteAction.Stop)
        {
            trainer.Stop(StopReason.NonFinite, text);
            trainer.Interrupt(StopReason.NonFinite, text);
        }

        return action == NonFiniteAction.Warn;
    }

    private void Say(string text, NonFiniteAction action)
    {
        if (_said) return;
        _said = true;
        trainer.Messages.Warn(
            MessageId.NonFinite,
            $"The {text}, step {trainer.GlobalStep} (said once; {Consequence(action)}). Lower the learning rate, set {nameof(TrainerOptions.GradientClipVal)}, look for roots and logarithms at zero; "
            + $"{nameof(TrainerOptions.DetectAnomaly)} = true names the operation. {nameof(TrainerOptions.OnNonFinite)} decides what follows.");
    }

    private static string Consequence(NonFiniteAction action) => action switch
    {
        NonFiniteAction.Skip => "the step is left out",
        NonFiniteAction.Stop => "training stops, the weights are those of the step before",
        _ => "training goes on, the weights are most likely lost",
    };

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
