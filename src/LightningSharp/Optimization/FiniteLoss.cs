using System.Globalization;
using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Looks at the loss before it reaches the weights, as <see cref="TrainerOptions.OnNonFinite"/> says.</summary>
internal sealed class FiniteLoss(Trainer trainer)
{
    private bool _said;

    /// <summary>Whether backward may follow.</summary>
    public bool Allows(Tensor loss)
    {
        var action = trainer.Options.OnNonFinite;
        if (action == NonFiniteAction.Ignore) return true;
        if (loss.device_type != DeviceType.CPU && !trainer.IsLogStep) return true; // reading it would wait for the device in every step
        var value = MetricValue.ReadTensor(loss);
        if (double.IsFinite(value)) return true;
        Say(value, action);
        if (action == NonFiniteAction.Stop)
        {
            var message = string.Create(CultureInfo.InvariantCulture, $"the loss was {value} in epoch {trainer.Progress.Epoch}, batch {trainer.BatchIndex}");
            trainer.Stop(StopReason.NonFinite, message);
            trainer.Interrupt(StopReason.NonFinite, message);
        }

        return action == NonFiniteAction.Warn;
    }

    private void Say(double value, NonFiniteAction action)
    {
        if (_said) return;
        _said = true;
        trainer.Messages.Warn(
            MessageId.NonFinite,
            string.Create(CultureInfo.InvariantCulture, $"The loss is {value} in epoch {trainer.Progress.Epoch}, batch {trainer.BatchIndex}, step {trainer.GlobalStep} (said once; {Consequence(action)}). ")
            + $"Lower the learning rate, set {nameof(TrainerOptions.GradientClipVal)}, look for log(0), 0/0 or NaN in the data; {nameof(TrainerOptions.DetectAnomaly)} = true names the operation. "
            + $"{nameof(TrainerOptions.OnNonFinite)} decides what follows.");
    }

    private static string Consequence(NonFiniteAction action) => action switch
    {
        NonFiniteAction.Skip => "the batch is left out",
        NonFiniteAction.Stop => "training stops, the weights are those of the step before",
        _ => "training goes on, the weights are most likely lost",
    };
}
