using LightningSharp.Diagnostics;
using LightningSharp.Tuning;

namespace LightningSharp.Callbacks;

/// <summary>Searches for the largest batch size at the start of <c>Fit</c>, sets it in the module or data module, and then trains with it.</summary>
/// <param name="options">The settings; null for the defaults.</param>
/// <example><code>Callbacks = [new BatchSizeFinder(new() { Mode = BatchSizeMode.BinSearch })]</code></example>
public class BatchSizeFinder(BatchSizeScaleOptions? options = null) : Callback
{
    /// <summary>The size that the latest search found; null before.</summary>
    public int? OptimalBatchSize { get; private set; }

    /// <inheritdoc/>
    public override int Order => -1;

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context)
    {
        var trainer = context.Trainer;
        if (trainer.Options.FastDevRun.IsOn)
        {
            trainer.Messages.Warn(MessageId.Information, $"BatchSizeFinder is skipped: {nameof(TrainerOptions.FastDevRun)} is on.");
            return;
        }

        if (trainer.Progress.GlobalStep > 0 || trainer.IsResuming) return;
        var fitting = trainer.Fitting ?? throw new InvalidOperationException("BatchSizeFinder works inside Fit only."); // OnFitStart is
        if (fitting.LoadersAreDirect)
        {
            throw new MisconfigurationException(
                "BatchSizeFinder cannot change the batch size of a loader that was passed to Fit. Pass a data module, or let the module make its loaders, with a property BatchSize that they use.");
        }

        OptimalBatchSize = BatchSizeTrials.Run(trainer, context.Module, fitting.DataModule, options ?? new(), fitting.Trial);
    }
}
