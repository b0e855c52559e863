using LightningSharp.Diagnostics;
using LightningSharp.Tuning;

namespace LightningSharp.Callbacks;

/// <summary>
/// Searches for the largest batch size at the start of <c>Fit</c>, <c>Validate</c>, <c>Test</c> or <c>Predict</c>, sets it in the module or data module, and then goes on with it.
/// </summary>
/// <param name="options">The settings; null for the defaults.</param>
/// <example><code>Callbacks = [new BatchSizeFinder(new() { Mode = BatchSizeMode.BinSearch })]</code></example>
public class BatchSizeFinder(BatchSizeScaleOptions? options = null) : Callback
{
    /// <summary>The size that the latest search found; null before.</summary>
    public int? OptimalBatchSize { get; private set; }

    /// <inheritdoc/>
    public override int Order => -1;

    /// <inheritdoc/>
    public override void OnReset() => OptimalBatchSize = null;

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context)
    {
        var trainer = context.Trainer;
        if (IsSkipped(trainer) || trainer.Progress.GlobalStep > 0 || trainer.IsResuming) return;
        var fitting = trainer.Fitting ?? throw new InvalidOperationException("BatchSizeFinder works inside Fit only."); // OnFitStart is
        RefuseDirect(fitting.LoadersAreDirect, Stage.Fit);
        OptimalBatchSize = BatchSizeTrials.Run(trainer, context.Module, fitting.DataModule, options ?? new(), evaluates: false, trial =>
        {
            fitting.Trial(trial);
            return trial.NumTrainingBatches;
        });
    }

    /// <inheritdoc/>
    public override void OnValidationStart(HookContext context) => Search(context, Stage.Validate, trial => trial.NumValBatches);

    /// <inheritdoc/>
    public override void OnTestStart(HookContext context) => Search(context, Stage.Test, trial => trial.NumTestBatches);

    /// <inheritdoc/>
    public override void OnPredictStart(HookContext context) => Search(context, Stage.Predict, trial => trial.NumPredictBatches);

    private void Search(HookContext context, Stage stage, Func<Trainer, IReadOnlyList<int?>> batches)
    {
        var trainer = context.Trainer;
        if (trainer.EntryStage != stage || IsSkipped(trainer)) return; // validation inside Fit takes the size of training
        var loop = trainer.Evaluating ?? throw new InvalidOperationException("BatchSizeFinder works inside an entry point only."); // these hooks are
        RefuseDirect(loop.LoadersAreDirect, stage);
        if (loop.LoaderCount != 1)
            throw new MisconfigurationException($"BatchSizeFinder was given {loop.LoaderCount} loaders of {stage}: expected one, as each would need a size of its own. Use one loader, or remove the callback.");
        OptimalBatchSize = BatchSizeTrials.Run(trainer, context.Module, loop.DataModule, options ?? new(), evaluates: true, trial =>
        {
            loop.Trial(trial);
            return batches(trial) is [var count, ..] ? count : null;
        });
    }

    private static bool IsSkipped(Trainer trainer)
    {
        if (!trainer.Options.FastDevRun.IsOn) return false;
        trainer.Messages.Warn(MessageId.Information, $"BatchSizeFinder is skipped: {nameof(TrainerOptions.FastDevRun)} is on.");
        return true;
    }

    private static void RefuseDirect(bool areDirect, Stage stage)
    {
        if (!areDirect) return;
        throw new MisconfigurationException(
            $"BatchSizeFinder cannot change the batch size of a loader that was passed to {stage}. Pass a data module, or let the module make its loaders, with a property BatchSize that they use.");
    }
}
