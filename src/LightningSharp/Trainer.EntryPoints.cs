using System.Diagnostics;
using LightningSharp.Data;
using LightningSharp.Loops;

namespace LightningSharp;

/// <content>The doors: from what the user has to a loop.</content>
public sealed partial class Trainer
{
    /// <summary>Trains a module on loaders: any enumerable of batches.</summary>
    /// <param name="model">The module.</param>
    /// <param name="train">The training batches.</param>
    /// <param name="validation">The validation batches; null for none. Several named loaders: a <see cref="LoaderGroup{TBatch}"/>.</param>
    /// <param name="resume">Continue from a checkpoint: a path, <see cref="Resume.Last"/>, <see cref="Resume.Auto"/> …</param>
    /// <param name="cancellation">Ends training after the current batch, with everything saved; the result says so.</param>
    /// <returns>Why and where training ended, the metrics, and where the files are.</returns>
    /// <exception cref="MisconfigurationException">Model, data and options cannot work together.</exception>
    /// <exception cref="StepException">libtorch refused an operation in user code; the message names hook, epoch and batch.</exception>
    public FitResult Fit<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, IEnumerable<TBatch> train, IEnumerable<TBatch>? validation = null, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        var start = Stopwatch.GetTimestamp();
        var data = DataSource<TBatch>.Of(this, train, validation);
        Launch(model, data, new FitLoop<TBatch, TInput, TOutput>(this, model, data, _hooks), Stage.Fit, resume, cancellation);
        return Result(start);
    }

    /// <summary>Trains a module on the loaders of a data module.</summary>
    /// <inheritdoc cref="Fit{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, IEnumerable{TBatch}, IEnumerable{TBatch}?, Resume?, CancellationToken)"/>
    public FitResult Fit<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch> data, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        var start = Stopwatch.GetTimestamp();
        var source = DataSource<TBatch>.Of(this, data);
        Launch(model, source, new FitLoop<TBatch, TInput, TOutput>(this, model, source, _hooks), Stage.Fit, resume, cancellation);
        return Result(start);
    }

    /// <summary>Trains a module on its own loaders (<c>TrainDataLoader</c>, <c>ValidationDataLoader</c>).</summary>
    /// <inheritdoc cref="Fit{TBatch, TInput, TOutput}(LightningModule{TBatch, TInput, TOutput}, IEnumerable{TBatch}, IEnumerable{TBatch}?, Resume?, CancellationToken)"/>
    public FitResult Fit<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var start = Stopwatch.GetTimestamp();
        var source = DataSource<TBatch>.Of(this, model);
        Launch(model, source, new FitLoop<TBatch, TInput, TOutput>(this, model, source, _hooks), Stage.Fit, resume, cancellation);
        return Result(start);
    }

    /// <summary>Runs <c>Fit</c> on a thread of its own: dispose scopes and grad mode are per thread, so a step never moves between threads.</summary>
    public Task<FitResult> FitAsync<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, IEnumerable<TBatch> train, IEnumerable<TBatch>? validation = null, Resume? resume = null, CancellationToken cancellation = default)
        => OwnThread.Run(() => Fit(model, train, validation, resume, cancellation));

    /// <summary>Runs <c>Fit</c> on a thread of its own.</summary>
    public Task<FitResult> FitAsync<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch> data, Resume? resume = null, CancellationToken cancellation = default)
        => OwnThread.Run(() => Fit(model, data, resume, cancellation));

    /// <summary>Runs one validation over the loader and returns the logged values.</summary>
    public EvaluationResult Validate<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, IEnumerable<TBatch> loader, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return Evaluate(model, DataSource<TBatch>.Of(this, validation: loader), Stage.Validate, resume, cancellation);
    }

    /// <summary>Runs one validation over the data module's validation loader.</summary>
    public EvaluationResult Validate<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch> data, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Evaluate(model, DataSource<TBatch>.Of(this, data), Stage.Validate, resume, cancellation);
    }

    /// <summary>Runs the test over the loader and returns the logged values.</summary>
    public EvaluationResult Test<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, IEnumerable<TBatch> loader, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return Evaluate(model, DataSource<TBatch>.Of(this, test: loader), Stage.Test, resume, cancellation);
    }

    /// <summary>Runs the test over the data module's test loader.</summary>
    public EvaluationResult Test<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch> data, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Evaluate(model, DataSource<TBatch>.Of(this, data), Stage.Test, resume, cancellation);
    }

    /// <summary>Predicts every batch of the loader, in order. The outputs are on the CPU and belong to the caller.</summary>
    /// <returns>One output per batch.</returns>
    public IReadOnlyList<TOutput> Predict<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, IEnumerable<TBatch> loader, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return PredictAll(model, DataSource<TBatch>.Of(this, predict: loader), resume, cancellation);
    }

    /// <summary>Predicts every batch of the data module's prediction loader, in order.</summary>
    public IReadOnlyList<TOutput> Predict<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch> data, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return PredictAll(model, DataSource<TBatch>.Of(this, data), resume, cancellation);
    }

    internal EvaluationResult Evaluate<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Stage stage, Resume? resume, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        var loop = new EvaluationLoop<TBatch, TInput, TOutput>(this, model, data, _hooks, stage);
        Launch(model, data, loop, stage, resume, cancellation);
        return new EvaluationResult([.. loop.Results.Select(result => new LoaderResult(result.Name, result.Metrics))]);
    }

    private List<TOutput> PredictAll<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Resume? resume, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        var outputs = new List<TOutput>();
        Launch(model, data, new PredictionLoop<TBatch, TInput, TOutput>(this, model, data, _hooks, (_, output) => outputs.Add(output)), Stage.Predict, resume, cancellation);
        return outputs;
    }

    private FitResult Result(long start) => new()
    {
        StopReason = StopReason,
        StopMessage = _stopMessage ?? StopReason.ToString(),
        Progress = Progress,
        Metrics = new NamedNumbers(Metrics.Callback.Snapshot()),
        History = _history,
        RunDirectory = RunDirectory,
        BestCheckpoint = CheckpointCallback?.BestModelPath,
        FailedSaves = [.. Callbacks.OfType<Callbacks.ModelCheckpoint>().SelectMany(callback => callback.FailedSaves)],
        ExitCode = ExitCodes.From(StopReason, Signal),
        Elapsed = Stopwatch.GetElapsedTime(start),
    };
}
