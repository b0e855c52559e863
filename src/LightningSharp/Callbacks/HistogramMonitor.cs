using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Sends the distributions of parameters and gradients to the loggers that take histograms: <c>parameters/conv1.weight</c>, <c>gradients/conv1.weight</c>. They are taken
/// after backward and before clipping; what takes no part in the step has no gradient and is left out. Copies every parameter to the host when it is due, so do not do it every step.
/// </summary>
/// <param name="everyNSteps">At every n-th batch that steps an optimizer, the first one included.</param>
/// <param name="parameters">Whether to send the parameters.</param>
/// <param name="gradients">Whether to send the gradients.</param>
/// <param name="buckets">Bars of each histogram.</param>
/// <example><code>new TrainerOptions { Loggers = [new TensorBoardLogger()], Callbacks = [new HistogramMonitor(everyNSteps: 500)] }</code></example>
public sealed class HistogramMonitor(int everyNSteps = 500, bool parameters = true, bool gradients = true, int buckets = 30) : Callback
{
    private readonly int _interval = everyNSteps > 0 ? everyNSteps : throw new ArgumentOutOfRangeException(nameof(everyNSteps), everyNSteps, $"HistogramMonitor: expected a number of steps of at least 1, received {everyNSteps}.");
    private readonly int _buckets = buckets > 0 ? buckets : throw new ArgumentOutOfRangeException(nameof(buckets), buckets, $"HistogramMonitor: expected at least 1 bucket, received {buckets}.");

    /// <inheritdoc/>
    public override void OnBeforeOptimizerStep(OptimizerContext context)
    {
        var trainer = context.Trainer;
        if (trainer.Progress.StepBatches % _interval != 0) return;
        if (!trainer.TakesHistograms)
        {
            trainer.LogHistogram("parameters", HistogramData.Of([])); // says once that no logger takes histograms
            return;
        }

        var own = context.Optimizer.parameters().Select(parameter => parameter.Handle).ToHashSet(); // of several optimizers each sends its own
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in context.Module.Module.named_parameters())
        {
            if (!own.Contains(parameter.Handle)) continue;
            if (parameters) trainer.LogHistogram($"parameters/{name}", HistogramData.Of(parameter, _buckets));
            if (gradients && parameter.grad is { } gradient) trainer.LogHistogram($"gradients/{name}", HistogramData.Of(gradient, _buckets));
        }
    }
}
