using System.Globalization;
using LightningSharp.Data;
using LightningSharp.Diagnostics;
using LightningSharp.Logging;
using LightningSharp.Profiling;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>Validation and test: every batch of every loader once, in eval mode and without gradients; the logged means at the end.</summary>
internal sealed class EvaluationLoop<TBatch, TInput, TOutput>(
    Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Hooks hooks, Stage stage) : ILoop, ITrialLoop
{
    private readonly BatchPipe<TBatch, TInput, TOutput> _pipe = new(trainer, model, data.Module);
    private readonly BatchView<TBatch> _view = new();
    private readonly EvaluationHooks<TBatch, TInput, TOutput> _hooks = new(trainer, model, hooks, stage);
    private IReadOnlyList<(string Name, IEnumerable<TBatch> Loader)>? _loaders;
    private long[] _seen = [];

    /// <summary>The epoch values of each loader, after a run.</summary>
    public IReadOnlyList<(string Name, IReadOnlyDictionary<string, double> Metrics)> Results { get; private set; } = [];

    private string LimitOption => stage == Stage.Test ? nameof(TrainerOptions.LimitTestBatches) : nameof(TrainerOptions.LimitValBatches);

    private Limit Limit => stage == Stage.Test ? trainer.Options.LimitTestBatches : trainer.Options.LimitValBatches;

    /// <summary>Batches of each loader; null where unknown.</summary>
    public int?[] BatchCounts { get; private set; } = [];

    /// <summary>The next run asks for the loaders again.</summary>
    public void Reload() => _loaders = null;

    /// <summary>Asks for the loaders, once.</summary>
    public void RequestLoaders()
    {
        if (_loaders is not null) return;
        _loaders = data.Evaluation(stage);
        BatchCounts = [.. _loaders.Select(entry => Limit.Apply(LoaderLength.Of(entry.Loader), LimitOption))];
        if (_seen.Length != _loaders.Count) _seen = new long[_loaders.Count];
        if (_loaders.Count == 0 && trainer.EntryStage != Stage.Fit)
        {
            throw new MisconfigurationException(
                $"{stage} has no data: pass a loader, or override {(stage == Stage.Test ? "TestDataLoader" : "ValidationDataLoader")} in the data module or the module.");
        }

        trainer.SetBatchCounts(stage, BatchCounts);
        WarnOfEmptyLoaders();
        foreach (var (name, loader) in _loaders)
        {
            if (loader is not IShuffled { Shuffle: true }) continue;
            if (trainer.EntryStage == Stage.Fit && !trainer.Options.OverfitBatches.IsNone)
            {
                trainer.UseSequentialOrder(loader, "validation");
                continue;
            }

            trainer.Messages.Warn(
                MessageId.ShuffledEvaluation, $"The loader {(name.Length == 0 ? string.Empty : $"'{name}' ")}for {stage} shuffles. The results do not need it, and samples cannot be found again by their position: create it with shuffle: false.");
        }
    }

    private void WarnOfEmptyLoaders()
    {
        foreach (var (name, loader) in _loaders ?? [])
        {
            if (LoaderLength.Of(loader) != 0) continue;
            trainer.Messages.Warn(
                MessageId.ValidationIncomplete,
                $"The loader {(name.Length == 0 ? string.Empty : $"'{name}' ")}for {stage} has no batches: nothing is measured on it. Check the data set (and dropLast, when there are fewer samples than one batch).");
        }
    }

    /// <summary>Batches logged so far by each loader over all runs: the x-axis of step values.</summary>
    public List<object?> SaveCounts() => [.. _seen.Select(count => (object?)count)];

    public void LoadCounts(IReadOnlyList<object?> counts)
    {
        for (var i = 0; i < Math.Min(counts.Count, _seen.Length); i++) _seen[i] = Convert.ToInt64(counts[i], CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public bool LoadersAreDirect => data.IsDirect;

    /// <inheritdoc/>
    public object? DataModule => data.Module;

    /// <inheritdoc/>
    public int LoaderCount => _loaders?.Count ?? 0;

    /// <inheritdoc/>
    public void Trial(Trainer other)
    {
        try
        {
            _ = other.Evaluate(model, data, stage, resume: null, CancellationToken.None);
        }
        finally
        {
            model.Attach(trainer);
            _loaders = null;
        }
    }

    public bool HasLoaders => _loaders is { Count: > 0 };
    public bool AreRequested => _loaders is not null;

    // A loader of unknown length may have batches.
    private bool HasBatches => Array.Exists(BatchCounts, count => count is not 0);

    public void Run()
    {
        trainer.EnterSteps();
        if (Limit.IsNone) return;
        Run(limitPerLoader: null);
    }

    /// <summary>One run over the loaders.</summary>
    /// <param name="limitPerLoader">For the sanity check: at most so many batches of each.</param>
    public void Run(int? limitPerLoader)
    {
        using var profile = trainer.Profile(ProfilerSeam.Validation);
        using var activity = trainer.EntryStage == Stage.Fit ? Telemetry.Start(limitPerLoader is null ? "lightning.validation" : "lightning.sanity_check") : null;
        var outer = trainer.Stage;
        trainer.Stage = limitPerLoader is null ? stage : Stage.SanityCheck;
        using var noGrad = no_grad();
        RequestLoaders();
        if (!HasBatches)
        {
            trainer.Stage = outer;
            return;
        }

        var modes = new ModuleModes(model);
        trainer.Metrics.BeginEvaluation();
        try
        {
            trainer.Hook = stage == Stage.Test ? HookId.OnTestModelEval : HookId.OnValidationModelEval;
            model.OnEvaluationModelEval(stage);
            _hooks.Start();
            RequestLoaders(); // again, when a finder has changed the batch size
            _hooks.EpochStart();
            RunLoaders(limitPerLoader);
            if (trainer.EntryStage != Stage.Fit) trainer.ThrowIfCanceled(); // a result of a part would look like one of the whole
            trainer.Metrics.EpochEndReached();
            _hooks.EpochEnd();
            Publish();
            _hooks.End();
            if (ModuleOverrides.HasModelTrain(model)) SetModes(modes);
        }
        finally
        {
            modes.Restore();
            trainer.Metrics.EndEvaluation();
        }

        trainer.Stage = outer; // after an exception the stage stays, for those who are told of it
    }

    private void SetModes(ModuleModes modes)
    {
        trainer.Hook = stage == Stage.Test ? HookId.OnTestModelTrain : HookId.OnValidationModelTrain;
        model.OnEvaluationModelTrain(stage);
        modes.Forget();
    }

    private void RunLoaders(int? limitPerLoader)
    {
        for (var index = 0; index < _loaders!.Count; index++) // requested in Run
        {
            var (name, loader) = _loaders[index];
            var count = BatchCounts[index];
            if (limitPerLoader is { } limit) count = count is { } known ? Math.Min(known, limit) : limit;
            trainer.Metrics.SelectLoader(index, _loaders.Count > 1 ? "/" + name : string.Empty);
            if (loader is ILoader own) own.SetEpoch(trainer.Progress.Epoch);
            var promised = count is not null && LoaderLength.Of(loader) is { } length && count <= length;
            using var reader = trainer.Opened(new BatchReader<TBatch>(loader, count, promised), training: false);
            for (var batchIndex = 0; Next(reader); batchIndex++) RunBatch(reader, batchIndex, index);
            trainer.Metrics.EndLoader();
        }

        trainer.Metrics.SelectLoader(MetricStore.NoLoader, string.Empty);
    }

    private bool Next(BatchReader<TBatch> reader)
    {
        trainer.Hook = HookId.NextBatch;
        return reader.Read();
    }

    private void RunBatch(BatchReader<TBatch> reader, int batchIndex, int loaderIndex)
    {
        trainer.ThrowIfCanceled();
        trainer.BatchRead(trainer.Stage switch { Stage.Test => RunPhase.Test, Stage.SanityCheck => RunPhase.SanityCheck, _ => RunPhase.Validate });
        trainer.BatchIndex = batchIndex;
        using var mode = trainer.EntryStage != Stage.Fit && trainer.Options.InferenceMode ? inference_mode() : null;
        using var scope = NewDisposeScope();
        reader.GiveTo(scope);
        var batch = _pipe.ToDevice(reader.Current, loaderIndex);
        _view.Batch = batch;
        trainer.Metrics.BeginBatch(_view, batchIndex == 0 && loaderIndex == 0); // the first one of the run: what other loaders logged stays
        _hooks.BatchStart(_view, batchIndex, loaderIndex);
        _hooks.Step(batch, batchIndex, loaderIndex);
        _hooks.BatchEnd(_view, batchIndex, loaderIndex);
        trainer.RequireGradMode(false, $"batch {batchIndex} of the evaluation");
        if (trainer.Stage != Stage.SanityCheck) trainer.LogStepValues(_seen[loaderIndex]++);
        trainer.Metrics.EndBatch();
    }

    private void Publish()
    {
        var results = new List<(string, IReadOnlyDictionary<string, double>)>();
        var all = new Dictionary<string, double>();
        for (var index = 0; index < _loaders!.Count; index++) // requested in Run
        {
            var values = trainer.Metrics.TakeEpochValues(index);
            foreach (var (key, value) in values) all[key] = value;
            results.Add((_loaders[index].Name, values));
        }

        Results = results;
        if (trainer.Stage == Stage.SanityCheck) return;
        trainer.LogRow(all, trainer.Progress.StepBatches);
    }
}
