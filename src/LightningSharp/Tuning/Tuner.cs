using LightningSharp.Callbacks;
using LightningSharp.Diagnostics;
using LightningSharp.Loops;

namespace LightningSharp.Tuning;

/// <summary>
/// Finds a learning rate or a batch size before training, by short runs. Afterwards weights, train/eval modes, random state and the Trainer are exactly as before;
/// loggers, callbacks and checkpoints take no part.
/// </summary>
/// <param name="trainer">The Trainer that will train.</param>
/// <example><code>
/// var tuner = new Tuner(trainer);
/// var batchSize = tuner.ScaleBatchSize(model, data);         // sets data.BatchSize
/// var found = tuner.LearningRateFind(model, data);           // sets model.LearningRate
/// Console.WriteLine(found!.Chart(suggestion: found.Suggestion()));
/// </code></example>
public sealed class Tuner(Trainer trainer)
{
    private readonly Trainer _trainer = trainer ?? throw new ArgumentNullException(nameof(trainer));

    /// <summary>Drives the learning rate up and watches the loss; the suggestion is written into the module's <c>LearningRate</c>.</summary>
    /// <param name="model">The module.</param>
    /// <param name="train">The training batches.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The curve and the suggestions; null when <see cref="TrainerOptions.FastDevRun"/> is on.</returns>
    /// <exception cref="MisconfigurationException">The settings cannot work, the module has no such property, there is not exactly one optimizer, or a finder callback would search again.</exception>
    public LearningRateFindResult? LearningRateFind<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, IEnumerable<TBatch> train, LearningRateFindOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        return Find(model, DataSource<TBatch>.Of(_trainer, train), options);
    }

    /// <summary>The same on the training loader of a data module.</summary>
    /// <inheritdoc cref="LearningRateFind{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, IEnumerable{TBatch}, LearningRateFindOptions?)"/>
    public LearningRateFindResult? LearningRateFind<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch> data, LearningRateFindOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Find(model, DataSource<TBatch>.Of(_trainer, data), options);
    }

    /// <summary>The same on the module's own training loader.</summary>
    /// <inheritdoc cref="LearningRateFind{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, IEnumerable{TBatch}, LearningRateFindOptions?)"/>
    public LearningRateFindResult? LearningRateFind<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, LearningRateFindOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Find(model, DataSource<TBatch>.Of(_trainer, model), options);
    }

    /// <summary>Finds the largest batch size that memory allows, and writes it into the <c>BatchSize</c> of the module or data module.</summary>
    /// <param name="model">The module.</param>
    /// <param name="data">The data module; its loaders must take their size from the property, each time they are asked for.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The size, which was really tried; null when <see cref="TrainerOptions.FastDevRun"/> is on.</returns>
    /// <exception cref="MisconfigurationException">The settings cannot work, nobody has such a property, not even one sample fits, or a finder callback would search again.</exception>
    /// <remarks>Some of libtorch's allocation failures end the process instead of raising an error; on an accelerator the search is reliable, on the CPU the system may swap first.</remarks>
    public int? ScaleBatchSize<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch> data, BatchSizeScaleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Scale(model, DataSource<TBatch>.Of(_trainer, data), options);
    }

    /// <summary>The same for a module that makes its own loaders.</summary>
    /// <inheritdoc cref="ScaleBatchSize{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, DataModule{TBatch}, BatchSizeScaleOptions?)"/>
    public int? ScaleBatchSize<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, BatchSizeScaleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Scale(model, DataSource<TBatch>.Of(_trainer, model), options);
    }

    private LearningRateFindResult? Find<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, LearningRateFindOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        RefuseFinder<LearningRateFinder>(nameof(LearningRateFind));
        if (IsSkipped(nameof(LearningRateFind))) return null;
        var search = new LearningRateSearch(_trainer, model, options ?? new());
        return Prepared(model, data, () => search.Run(trial => trial.FitTrial(model, data)).Result);
    }

    private int? Scale<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, BatchSizeScaleOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        RefuseFinder<BatchSizeFinder>(nameof(ScaleBatchSize));
        if (IsSkipped(nameof(ScaleBatchSize))) return null;
        return Prepared(model, data, () => BatchSizeTrials.Run(_trainer, model, data.Module, options ?? new(), evaluates: false, trial =>
        {
            trial.FitTrial(model, data);
            return trial.NumTrainingBatches;
        }));
    }

    private TResult Prepared<TBatch, TInput, TOutput, TResult>(LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Func<TResult> search)
    {
        data.Module?.PrepareData();
        model.PrepareData();
        data.Module?.Setup(Stage.Fit);
        model.Setup(Stage.Fit);
        model.ConfigureModel();
        model.Attach(_trainer);
        try
        {
            return search();
        }
        finally
        {
            model.Attach(_trainer);
            data.Module?.Teardown(Stage.Fit);
            model.Teardown(Stage.Fit);
        }
    }

    private bool IsSkipped(string search)
    {
        if (!_trainer.Options.FastDevRun.IsOn) return false;
        _trainer.Messages.Warn(MessageId.Information, $"{search} is skipped: {nameof(TrainerOptions.FastDevRun)} is on.");
        return true;
    }

    private void RefuseFinder<TFinder>(string search)
        where TFinder : Callback
    {
        if (_trainer.Callbacks.Any(callback => callback is TFinder))
            throw new MisconfigurationException($"Tuner.{search} was called on a Trainer that has a {typeof(TFinder).Name}, which would search again at the start of Fit. Use one of the two.");
    }
}
