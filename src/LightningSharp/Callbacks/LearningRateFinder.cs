using LightningSharp.Diagnostics;
using LightningSharp.Tuning;

namespace LightningSharp.Callbacks;

/// <summary>
/// Searches for a learning rate at the start of <c>Fit</c>, sets it in the module and in the optimizer, and then trains with it. The search leaves no other trace.
/// See <see cref="Tuner.LearningRateFind{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, IEnumerable{TBatch}, LearningRateFindOptions?)"/> for a search without training.
/// </summary>
/// <param name="options">The settings; null for the defaults.</param>
/// <example><code>Callbacks = [new LearningRateFinder(new() { NumTraining = 200 })]</code></example>
public class LearningRateFinder(LearningRateFindOptions? options = null) : Callback
{
    /// <summary>What the latest search found; null before.</summary>
    public LearningRateFindResult? OptimalLr { get; private set; }

    /// <inheritdoc/>
    public override int Order => -1;

    /// <inheritdoc/>
    public override void OnReset() => OptimalLr = null;

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context)
    {
        var trainer = context.Trainer;
        if (trainer.Options.FastDevRun.IsOn)
        {
            trainer.Messages.Warn(MessageId.Information, $"LearningRateFinder is skipped: {nameof(TrainerOptions.FastDevRun)} is on.");
            return;
        }

        if (trainer.Progress.GlobalStep > 0 || trainer.IsResuming) return; // the learning rate is known
        var fitting = trainer.Fitting ?? throw new InvalidOperationException("LearningRateFinder works inside Fit only."); // OnFitStart is
        var search = new LearningRateSearch(trainer, context.Module, options ?? new());
        var (result, suggestion) = search.Run(fitting.Trial);
        OptimalLr = result;
        if (suggestion is not { } rate || options is { UpdateAttribute: false }) return;
        foreach (var group in trainer.Optimizers.SelectMany(optimizer => optimizer.Optimizer.ParamGroups))
        {
            group.LearningRate = rate;
            group.InitialLearningRate = rate;
        }
    }
}
