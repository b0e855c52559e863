using LightningSharp.Loops;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>Builds a checkpoint from a run, with Lightning's keys and our own entry <c>lightningsharp</c> for what Lightning does not keep.</summary>
internal static class Checkpointer
{
    public const string OwnKey = "lightningsharp";
    public const string PrecisionKey = "MixedPrecision"; // Lightning's class that keeps the loss scale
    private const string LightningVersion = "2.6.5"; // the layout of the keys

    public static Checkpoint Build<TBatch, TInput, TOutput>(
        Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch>? data, FitState<TBatch>? fit, bool weightsOnly)
    {
        var checkpoint = new Checkpoint();
        var (boundary, progress) = (fit?.Boundary, fit?.Boundary?.Progress ?? trainer.Progress);
        checkpoint["epoch"] = (long)progress.Epoch;
        checkpoint["global_step"] = progress.GlobalStep;
        checkpoint["pytorch-lightning_version"] = LightningVersion;
        var weights = boundary?.StateDict(model) ?? model.state_dict();
        checkpoint["state_dict"] = trainer.Running.UsesChannelsLast ? new OrdinaryLayout().Of(weights) : weights;
        checkpoint["loops"] = LoopsState.Write(
            progress, trainer.NumTrainingBatches, fit?.InsideEpoch ?? false, fit?.AtEpochEnd ?? false, !model.AutomaticOptimization);
        if (!weightsOnly) AddTraining(checkpoint, trainer);
        AddHyperParameters(checkpoint, model, data);
        if (data is IStateful stateful) checkpoint[data.GetType().Name] = stateful.StateDict();
        if (!weightsOnly && fit is not null) checkpoint[OwnKey] = RunState.Write(trainer, fit);
        if (!weightsOnly) trainer.Frozen?.WriteInto(checkpoint, trainer);
        var context = new CheckpointContext(trainer, model, checkpoint);
        trainer.Hooks.OnSaveCheckpoint(context);
        model.OnSaveCheckpoint(checkpoint);
        return checkpoint;
    }

    private static void AddTraining(Checkpoint checkpoint, Trainer trainer)
    {
        var callbacks = new Dictionary<string, object?>();
        foreach (var callback in trainer.Callbacks)
        {
            if (callback is IStateful stateful) callbacks[callback.StateKey] = stateful.StateDict();
        }

        checkpoint["callbacks"] = callbacks;
        if (trainer.PrecisionState is { Count: > 0 } precision) checkpoint[PrecisionKey] = precision;
        checkpoint["optimizer_states"] = trainer.AllOptimizers.Select(optimizer => StateOf(optimizer, trainer.Running.UsesChannelsLast)).ToList();
        checkpoint["lr_schedulers"] = trainer.Schedulers.Select(setup => (object?)setup.Scheduler.StateDict()).ToList();
    }

    private static object? StateOf(LightningOptimizer optimizer, bool rearranged)
    {
        var state = OptimizerState.Save(optimizer.Optimizer, optimizer.Entry.Schedulers.Select(setup => setup.Scheduler));
        return rearranged && optimizer.Optimizer is FusedOptimizer or TorchSharp.Modules.OptimizerHelper ? new OrdinaryLayout().Of(state) : state;
    }

    private static void AddHyperParameters<TBatch>(Checkpoint checkpoint, ILightningModule model, DataModule<TBatch>? data)
    {
        if (model.HyperParameters.Count > 0)
        {
            checkpoint["hparams_name"] = "kwargs";
            checkpoint["hyper_parameters"] = model.HyperParameters;
        }

        if (data is null || data.HyperParameters is not { Count: > 0 } parameters) return;
        checkpoint["datamodule_hparams_name"] = "kwargs";
        checkpoint["datamodule_hyper_parameters"] = parameters;
    }
}
