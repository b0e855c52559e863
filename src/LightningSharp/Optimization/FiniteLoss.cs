using System.Globalization;
using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Looks at the loss before it reaches the weights, as <see cref="TrainerOptions.OnNonFinite"/> says.</summary>
internal sealed class FiniteLoss(Trainer trainer)
{
    private readonly NonFiniteAnswer _answer = new(trainer, "batch", "log(0), 0/0 or NaN in the data");

    /// <summary>Whether backward may follow.</summary>
    public bool Allows(Tensor loss)
    {
        if (trainer.Options.OnNonFinite == NonFiniteAction.Ignore) return true;
        if (loss.device_type != DeviceType.CPU && !trainer.IsLogStep) return true; // reading it would wait for the device in every step
        var value = MetricValue.ReadTensor(loss);
        if (double.IsFinite(value)) return true;
        var text = value.ToString(CultureInfo.InvariantCulture);
        return _answer.Give($"loss is {text}", $"the loss was {text}");
    }
}
