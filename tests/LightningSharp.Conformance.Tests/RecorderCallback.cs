using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>A callback that writes a row in every hook.</summary>
internal abstract class RecorderHooks(Recorder recorder, string name, JsonObject config, IReadOnlyCollection<string> snapshots) : Callback
{
    private readonly Behaviours _behaviours = new(config["behaviors"] as JsonArray, recorder);
    private readonly ToyLogs _logs = new(config["logs"] as JsonArray, null, recorder);

    public override string StateKey => $"RecCallback_{name}";

    protected Recorder Recorder => recorder;

    protected string Name => name;

    protected JsonObject Config => config;

    public override void Setup(StageContext context) => At("setup", context.Module, info: Plain.StageInfo(context.Stage));

    public override void Teardown(StageContext context) => At("teardown", context.Module, info: Plain.StageInfo(context.Stage));

    public override void OnFitStart(HookContext context) => At("on_fit_start", context.Module);

    public override void OnFitEnd(HookContext context) => At("on_fit_end", context.Module);

    public override void OnSanityCheckStart(HookContext context) => At("on_sanity_check_start", context.Module);

    public override void OnSanityCheckEnd(HookContext context) => At("on_sanity_check_end", context.Module);

    public override void OnTrainStart(HookContext context) => At("on_train_start", context.Module);

    public override void OnTrainEnd(HookContext context) => At("on_train_end", context.Module);

    public override void OnTrainEpochStart(HookContext context) => At("on_train_epoch_start", context.Module);

    public override void OnTrainEpochEnd(HookContext context) => At("on_train_epoch_end", context.Module);

    public override void OnTrainBatchStart(BatchContext context) => At("on_train_batch_start", context.Module, context.BatchIndex);

    public override void OnTrainBatchEnd(TrainBatchEndContext context) => At("on_train_batch_end", context.Module, context.BatchIndex, null, Plain.Outputs(context.Loss));

    public override void OnBeforeZeroGrad(OptimizerContext context) => At("on_before_zero_grad", context.Module);

    public override void OnBeforeBackward(BackwardContext context)
        => At("on_before_backward", context.Module, info: new JsonObject { ["loss"] = Plain.Number(context.Loss.Number()) });

    public override void OnAfterBackward(HookContext context) => At("on_after_backward", context.Module);

    public override void OnBeforeOptimizerStep(OptimizerContext context) => At("on_before_optimizer_step", context.Module);

    public override void OnValidationStart(HookContext context) => At("on_validation_start", context.Module);

    public override void OnValidationEnd(HookContext context) => At("on_validation_end", context.Module);

    public override void OnValidationEpochStart(HookContext context) => At("on_validation_epoch_start", context.Module);

    public override void OnValidationEpochEnd(HookContext context) => At("on_validation_epoch_end", context.Module);

    public override void OnValidationBatchStart(BatchContext context) => At("on_validation_batch_start", context.Module, context.BatchIndex, context.DataLoaderIndex);

    public override void OnValidationBatchEnd(BatchContext context) => At("on_validation_batch_end", context.Module, context.BatchIndex, context.DataLoaderIndex);

    public override void OnTestStart(HookContext context) => At("on_test_start", context.Module);

    public override void OnTestEnd(HookContext context) => At("on_test_end", context.Module);

    public override void OnTestEpochStart(HookContext context) => At("on_test_epoch_start", context.Module);

    public override void OnTestEpochEnd(HookContext context) => At("on_test_epoch_end", context.Module);

    public override void OnTestBatchStart(BatchContext context) => At("on_test_batch_start", context.Module, context.BatchIndex, context.DataLoaderIndex);

    public override void OnTestBatchEnd(BatchContext context) => At("on_test_batch_end", context.Module, context.BatchIndex, context.DataLoaderIndex);

    public override void OnPredictStart(HookContext context) => At("on_predict_start", context.Module);

    public override void OnPredictEnd(HookContext context) => At("on_predict_end", context.Module);

    public override void OnPredictEpochStart(HookContext context) => At("on_predict_epoch_start", context.Module);

    public override void OnPredictEpochEnd(HookContext context) => At("on_predict_epoch_end", context.Module);

    public override void OnPredictBatchStart(BatchContext context) => At("on_predict_batch_start", context.Module, context.BatchIndex, context.DataLoaderIndex);

    public override void OnPredictBatchEnd(PredictBatchEndContext context) => At("on_predict_batch_end", context.Module, context.BatchIndex, context.DataLoaderIndex);

    public override void OnException(ExceptionContext context) => At("on_exception", context.Module);

    protected void At(string hook, ILightningModule module, int? batch = null, int? loader = null, JsonObject? info = null)
    {
        if (snapshots.Contains($"{name}.{hook}"))
        {
            info ??= [];
            info["callback_metrics"] = Plain.Metrics(recorder.Trainer!.CallbackMetrics);
            info["logged_metrics"] = Plain.Metrics(recorder.Trainer.LoggedMetrics);
            info["progress_bar_metrics"] = Plain.Metrics(recorder.Trainer.ProgressBarMetrics);
        }

        recorder.Add(name, hook, batch, loader, info);
        _behaviours.Act(hook, batch);
        _logs.In(hook, module, null, batch, loader, null);
    }
}

/// <summary>Without a state.</summary>
internal sealed class RecorderCallback(Recorder recorder, string name, JsonObject config, IReadOnlyCollection<string> snapshots) : RecorderHooks(recorder, name, config, snapshots);

/// <summary>One that the module configures: of another type, so that it replaces none of the Trainer's.</summary>
internal sealed class ModuleRecorder(Recorder recorder, string name) : RecorderHooks(recorder, name, [], []);

/// <summary>The same with a state in checkpoints, and rows for the checkpoint hooks.</summary>
internal sealed class StatefulRecorder(Recorder recorder, string name, JsonObject config, IReadOnlyCollection<string> snapshots)
    : RecorderHooks(recorder, name, config, snapshots), IStateful
{
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        Recorder.Add(Name, "state_dict");
        return Plain.Map(Config["state"]!.AsObject());
    }

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => Recorder.Add(Name, "load_state_dict");

    public override void OnSaveCheckpoint(CheckpointContext context) => At("on_save_checkpoint", context.Module);

    public override void OnLoadCheckpoint(CheckpointContext context) => At("on_load_checkpoint", context.Module);
}
