using LightningSharp.Data;
using LightningSharp.Diagnostics;
using LightningSharp.Loops;

namespace LightningSharp;

/// <content>Evaluation on the module's own loaders, of the latest module, of several loaders, and as a stream.</content>
public sealed partial class Trainer
{
    private object? _latestModel;

    /// <summary>Validates on the module's own loader (<c>ValidationDataLoader</c>).</summary>
    /// <inheritdoc cref="Validate{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, IEnumerable{TBatch}, Resume?, CancellationToken)"/>
    public EvaluationResult Validate<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Evaluate(model, DataSource<TBatch>.Of(this, model), Stage.Validate, resume, cancellation);
    }

    /// <summary>Tests on the module's own loader (<c>TestDataLoader</c>).</summary>
    public EvaluationResult Test<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Evaluate(model, DataSource<TBatch>.Of(this, model), Stage.Test, resume, cancellation);
    }

    /// <summary>Predicts on the module's own loader (<c>PredictDataLoader</c>).</summary>
    public IReadOnlyList<TOutput> Predict<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PredictAll(model, DataSource<TBatch>.Of(this, model), resume, cancellation);
    }

    /// <summary>Validates the module of the latest run, with its best checkpoint unless <paramref name="resume"/> says otherwise.</summary>
    /// <exception cref="MisconfigurationException">No module has run yet, it takes other batches, or nothing was saved.</exception>
    public EvaluationResult Validate<TBatch>(IEnumerable<TBatch> loader, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return Latest<TBatch>(Stage.Validate).Evaluate(DataSource<TBatch>.Of(this, validation: loader), Stage.Validate, OrBest(resume, Stage.Validate), cancellation);
    }

    /// <summary>Tests the module of the latest run, with its best checkpoint unless <paramref name="resume"/> says otherwise.</summary>
    /// <exception cref="MisconfigurationException">No module has run yet, it takes other batches, or nothing was saved.</exception>
    public EvaluationResult Test<TBatch>(IEnumerable<TBatch> loader, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return Latest<TBatch>(Stage.Test).Evaluate(DataSource<TBatch>.Of(this, test: loader), Stage.Test, OrBest(resume, Stage.Test), cancellation);
    }

    /// <summary>Predicts every batch of several loaders: one list per loader, in order.</summary>
    public IReadOnlyList<IReadOnlyList<TOutput>> Predict<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, LoaderGroup<TBatch> loaders, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loaders);
        var outputs = loaders.Loaders.Select(_ => new List<TOutput>()).ToList();
        var data = DataSource<TBatch>.Of(this, predict: loaders);
        Launch(model, data, new PredictionLoop<TBatch, TInput, TOutput>(this, model, data, _hooks, (loader, output) => outputs[loader].Add(output)), Stage.Predict, resume, cancellation);
        return outputs;
    }

    /// <summary>
    /// Predicts as the outputs are asked for, a few batches ahead: for predictions that do not fit into memory. The run starts with the first output that is asked for
    /// and ends when the enumeration does; each output is on the CPU and belongs to the caller.
    /// </summary>
    /// <param name="model">The module.</param>
    /// <param name="loader">The batches.</param>
    /// <param name="resume">Weights to load before.</param>
    /// <param name="ahead">Outputs that may wait for the caller.</param>
    /// <param name="cancellation">Ends the run after the current batch.</param>
    public IAsyncEnumerable<TOutput> PredictStream<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, IEnumerable<TBatch> loader, Resume? resume = null, int ahead = 2, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loader);
        return Stream(model, DataSource<TBatch>.Of(this, predict: loader), resume, ahead, cancellation);
    }

    /// <summary>The same over the data module's prediction loaders, one after the other.</summary>
    /// <inheritdoc cref="PredictStream{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, IEnumerable{TBatch}, Resume?, int, CancellationToken)"/>
    public IAsyncEnumerable<TOutput> PredictStream<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch> data, Resume? resume = null, int ahead = 2, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        return Stream(model, DataSource<TBatch>.Of(this, data), resume, ahead, cancellation);
    }

    /// <summary>The same over the module's own prediction loader.</summary>
    /// <inheritdoc cref="PredictStream{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, IEnumerable{TBatch}, Resume?, int, CancellationToken)"/>
    public IAsyncEnumerable<TOutput> PredictStream<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, Resume? resume = null, int ahead = 2, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Stream(model, DataSource<TBatch>.Of(this, model), resume, ahead, cancellation);
    }

    private IAsyncEnumerable<TOutput> Stream<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Resume? resume, int ahead, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead);
        return PredictionStream.Run<TOutput>(
            (sink, token) => Launch(model, data, new PredictionLoop<TBatch, TInput, TOutput>(this, model, data, _hooks, (_, output) => sink(output)), Stage.Predict, resume, token),
            ahead, cancellation);
    }

    private IModelReuse<TBatch> Latest<TBatch>(Stage stage) => _latestModel switch
    {
        IModelReuse<TBatch> latest => latest,
        null => throw new MisconfigurationException($"{stage} was called without a module, and no module has run on this Trainer yet. Pass the module."),
        var other => throw new MisconfigurationException($"{stage} was called without a module, and the module of the latest run ({other}) does not take batches of type {typeof(TBatch).Name}. Pass the module."),
    };

    private Resume OrBest(Resume? resume, Stage stage)
    {
        if (resume is not null) return resume;
        Messages.Warn(MessageId.Information, $"{stage} was called without a module: the best checkpoint of the latest Fit is used. Pass Resume.Best to say so, or the module for its present weights.");
        return Resume.Best;
    }
}
