using LightningSharp.Data;
using LightningSharp.Data.Shapes;
using LightningSharp.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>Prediction: every batch once, in order; the outputs go to a sink, on the CPU.</summary>
internal sealed class PredictionLoop<TBatch, TInput, TOutput>(
    Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Hooks hooks, Action<int, TOutput>? sink) : ILoop, ITrialLoop
{
    private readonly BatchPipe<TBatch, TInput, TOutput> _pipe = new(trainer, model, data.Module);
    private readonly BatchView<TBatch> _view = new();
    private readonly List<Tensor> _tensors = [];
    private readonly TensorMap _toHost = new(CPU);
    private IReadOnlyList<(string Name, IEnumerable<TBatch> Loader)>? _loaders;

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
            other.PredictTrial(model, data);
        }
        finally
        {
            model.Attach(trainer);
            _loaders = null;
        }
    }

    public void Run()
    {
        trainer.EnterSteps();
        if (trainer.Options.LimitPredictBatches.IsNone) return;
        using var noGrad = no_grad();
        if (Array.TrueForAll(RequestLoaders(), count => count == 0)) return;
        var modes = new ModuleModes(model);
        var context = new HookContext(trainer, model);
        trainer.Stage = Stage.Predict;
        try
        {
            trainer.Hook = HookId.OnPredictModelEval;
            model.OnEvaluationModelEval(Stage.Predict);
            hooks.OnPredictStart(context);
            model.OnPredictStart();
            _ = RequestLoaders(); // again, when a finder has changed the batch size
            hooks.OnPredictEpochStart(context);
            model.OnPredictEpochStart();
            for (var i = 0; i < _loaders!.Count; i++) RunLoader(_loaders[i].Loader, i); // requested above
            hooks.OnPredictEpochEnd(context);
            model.OnPredictEpochEnd();
            hooks.OnPredictEnd(context);
            model.OnPredictEnd();
            if (!ModuleOverrides.HasModelTrain(model)) return;
            trainer.Hook = HookId.OnPredictModelTrain;
            model.OnEvaluationModelTrain(Stage.Predict);
            modes.Forget();
        }
        finally
        {
            modes.Restore();
        }
    }

    private int?[] RequestLoaders()
    {
        _loaders ??= data.Evaluation(Stage.Predict);
        if (_loaders.Count == 0)
            throw new MisconfigurationException("Predict has no data: pass a loader, or override PredictDataLoader in the data module or the module.");
        var counts = _loaders.Select(entry => trainer.Options.LimitPredictBatches.Apply(LoaderLength.Of(entry.Loader), nameof(TrainerOptions.LimitPredictBatches))).ToArray();
        trainer.SetBatchCounts(Stage.Predict, counts);
        return counts;
    }

    private void RunLoader(IEnumerable<TBatch> loader, int loaderIndex)
    {
        var length = LoaderLength.Of(loader);
        var count = trainer.Options.LimitPredictBatches.Apply(length, nameof(TrainerOptions.LimitPredictBatches));
        using var reader = trainer.Opened(new BatchReader<TBatch>(loader, count, strict: length is not null), training: false);
        for (var batchIndex = 0; Next(reader); batchIndex++)
        {
            _view.Indices = (loader as IIndexed)?.IndicesOf(batchIndex);
            RunBatch(reader, batchIndex, loaderIndex);
        }
    }

    private bool Next(BatchReader<TBatch> reader)
    {
        trainer.Hook = HookId.NextBatch;
        return reader.Read();
    }

    private void RunBatch(BatchReader<TBatch> reader, int batchIndex, int loaderIndex)
    {
        trainer.ThrowIfCanceled();
        trainer.BatchRead(RunPhase.Predict);
        trainer.BatchIndex = batchIndex;
        using var mode = trainer.Options.InferenceMode ? inference_mode() : null;
        using var scope = NewDisposeScope();
        reader.GiveTo(scope);
        var batch = _pipe.ToDevice(reader.Current, loaderIndex);
        _view.Batch = batch;
        hooks.OnPredictBatchStart(new(trainer, model, _view, batchIndex, loaderIndex));
        model.OnPredictBatchStart(batch, batchIndex, loaderIndex);
        trainer.Hook = HookId.PredictStep;
        TOutput output;
        using (trainer.Running.Precision.Forward()) output = model.PredictStep(batch, batchIndex, loaderIndex);
        hooks.OnPredictBatchEnd(new(trainer, model, output, _view, batchIndex, loaderIndex));
        model.OnPredictBatchEnd(output, batch, batchIndex, loaderIndex);
        if (sink is not null) sink(loaderIndex, Release(output));
    }

    // The outputs outlive the batch: on the CPU, owned by the caller.
    private TOutput Release(TOutput output)
    {
        if (output is null) return output;
        var released = BatchShape<TOutput>.Instance.Map(output, _toHost);
        _tensors.Clear();
        BatchShape<TOutput>.Instance.Collect(released, _tensors);
        foreach (var tensor in _tensors) tensor.DetachFromDisposeScope();
        return released;
    }
}
