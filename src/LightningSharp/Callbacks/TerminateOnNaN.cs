using LightningSharp.Diagnostics;
using LightningSharp.Logging;

namespace LightningSharp.Callbacks;

/// <summary>Ends training when the loss is NaN or infinite: gracefully, with all end hooks, or by an exception.</summary>
/// <param name="raiseError">Throw instead of ending gracefully.</param>
/// <param name="everyNBatches">
/// Read the loss after every n-th batch only. On an accelerator each read waits for the device; on the CPU it costs nothing.
/// </param>
/// <example><code>Callbacks = [new TerminateOnNaN()]</code></example>
public sealed class TerminateOnNaN(bool raiseError = false, int everyNBatches = 1) : Callback
{
    private readonly int _interval = everyNBatches >= 1 ? everyNBatches : throw new ArgumentOutOfRangeException(
        nameof(everyNBatches), everyNBatches, $"TerminateOnNaN was given everyNBatches = {everyNBatches}: expected 1 or more.");

    /// <inheritdoc/>
    /// <exception cref="NotFiniteNumberException">The loss is not finite, and <c>raiseError</c> is set.</exception>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        if (context.Loss is not { } loss || context.Trainer.Progress.BatchesSeen % _interval != 0 || loss.numel() != 1) return;
        var value = MetricValue.ReadTensor(loss); // waits for an accelerator: that is what this callback is asked for
        if (double.IsFinite(value)) return;
        var message = $"The loss of batch {context.BatchIndex} in epoch {context.Trainer.CurrentEpoch} is {(double.IsNaN(value) ? "NaN" : "infinite")}. "
            + "Look for a learning rate that is too high, a division by zero or a logarithm of zero, and bad input; GradientClipVal and DetectAnomaly help to find it.";
        if (raiseError) throw new NotFiniteNumberException(message, value);
        context.Trainer.Messages.Warn(MessageId.NonFinite, message);
        context.Trainer.Stop(message);
    }
}
