using LightningSharp.Data;
using LightningSharp.Diagnostics;
using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>Validation and test: every batch of every loader once, in eval mode and without gradients; the logged means at the end.</summary>
internal sealed class EvaluationLoop<TBatch, TInput, TOutput>(
    Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Hooks hooks, Stage stage) : ILoop
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

    /// <summary>Asks for the loaders, once; again when they are to be reloaded.</summary>
    public void RequestLoaders(bool again = false)
    {
        if (_loaders is not null && !again) return;
        _loaders = data.Evaluation(stage);
        BatchCounts = [.. _loaders.Select(entry => Limit.Apply(LoaderLength.Of(entry.Loader), LimitOption))];
        _seen = new long[_loaders.Count];
    }

    public bool HasLoaders => _loaders is { Count: > 0 };

    public void Run()
    {
        trainer.EnterSteps();
        RequestLoaders();
        Run(limitPerLoader: null);
    }

    /// <summary>One run over the loaders.</summary>
    /// <param name="limitPerLoader">For the sanity check: at most so many batches of each.</param>
    public void Run(int? limitPerLoader)
    {
        using var activity = trainer.EntryStage == Stage.Fit ? Telemetry.Start(limitPerLoader is null ? "lightning.validation" : "lightning.sanity_check") : null;
        var outer = trainer.Stage;
        trainer.Stage = limitPerLoader is null ? stage : Stage.SanityCheck;
        var modes = new ModuleModes(model);
        trainer.Metrics.BeginEvaluation();
        try
        {
            using var noGrad = no_grad();
            model.OnEvaluationModelEval(stage);
            _hooks.Start();
            _hooks.EpochStart();
            RunLoaders(limitPerLoader);
            trainer.Metrics.EpochEndReached();
            _hooks.EpochEnd();
            Publish();
            _hooks.End();
        }
        finally
        {
            modes.Restore();
            trainer.Stage = outer;
            trainer.Metrics.EndEvaluation();
        }
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
            using var reader = new BatchReader<TBatch>(loader, count, promised);
            for (var batchIndex = 0; reader.Read(); batchIndex++) RunBatch(reader, batchIndex, index);
            trainer.Metrics.EndLoader();
        }

        trainer.Metrics.SelectLoader(0, string.Empty);
    }

    private void RunBatch(BatchReader<TBatch> reader, int batchIndex, int loaderIndex)
    {
        trainer.ThrowIfCanceled();
        trainer.BatchIndex = batchIndex;
        using var mode = trainer.EntryStage != Stage.Fit && trainer.Options.InferenceMode ? inference_mode() : null;
        using var scope = NewDisposeScope();
        reader.GiveTo(scope);
        var batch = _pipe.ToDevice(reader.Current, loaderIndex);
        _view.Batch = batch;
        trainer.Metrics.BeginBatch(_view, batchIndex == 0);
        _hooks.BatchStart(_view, batchIndex, loaderIndex);
        _hooks.Step(batch, batchIndex, loaderIndex);
        _hooks.BatchEnd(_view, batchIndex, loaderIndex);
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
