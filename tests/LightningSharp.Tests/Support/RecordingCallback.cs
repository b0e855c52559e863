namespace LightningSharp.Tests.Support;

/// <summary>Writes one line per hook; the order of hooks is one golden text.</summary>
public sealed class RecordingCallback(List<string> lines, string source = "callback") : Callback
{
    public override void Setup(StageContext context) => Add(nameof(Setup));

    public override void Teardown(StageContext context) => Add(nameof(Teardown));

    public override void OnFitStart(HookContext context) => Add(nameof(OnFitStart));

    public override void OnFitEnd(HookContext context) => Add(nameof(OnFitEnd));

    public override void OnSanityCheckStart(HookContext context) => Add(nameof(OnSanityCheckStart));

    public override void OnSanityCheckEnd(HookContext context) => Add(nameof(OnSanityCheckEnd));

    public override void OnTrainStart(HookContext context) => Add(nameof(OnTrainStart));

    public override void OnTrainEnd(HookContext context) => Add(nameof(OnTrainEnd));

    public override void OnTrainEpochStart(HookContext context) => Add(nameof(OnTrainEpochStart));

    public override void OnTrainEpochEnd(HookContext context) => Add(nameof(OnTrainEpochEnd));

    public override void OnTrainBatchStart(BatchContext context) => Add(nameof(OnTrainBatchStart));

    public override void OnTrainBatchEnd(TrainBatchEndContext context) => Add(nameof(OnTrainBatchEnd));

    public override void OnBeforeZeroGrad(OptimizerContext context) => Add(nameof(OnBeforeZeroGrad));

    public override void OnBeforeBackward(BackwardContext context) => Add(nameof(OnBeforeBackward));

    public override void OnAfterBackward(HookContext context) => Add(nameof(OnAfterBackward));

    public override void OnBeforeOptimizerStep(OptimizerContext context) => Add(nameof(OnBeforeOptimizerStep));

    public override void OnValidationStart(HookContext context) => Add(nameof(OnValidationStart));

    public override void OnValidationEnd(HookContext context) => Add(nameof(OnValidationEnd));

    public override void OnValidationEpochStart(HookContext context) => Add(nameof(OnValidationEpochStart));

    public override void OnValidationEpochEnd(HookContext context) => Add(nameof(OnValidationEpochEnd));

    public override void OnValidationBatchStart(BatchContext context) => Add(nameof(OnValidationBatchStart));

    public override void OnValidationBatchEnd(BatchContext context) => Add(nameof(OnValidationBatchEnd));

    public override void OnTestStart(HookContext context) => Add(nameof(OnTestStart));

    public override void OnTestEnd(HookContext context) => Add(nameof(OnTestEnd));

    public override void OnTestEpochStart(HookContext context) => Add(nameof(OnTestEpochStart));

    public override void OnTestEpochEnd(HookContext context) => Add(nameof(OnTestEpochEnd));

    public override void OnTestBatchStart(BatchContext context) => Add(nameof(OnTestBatchStart));

    public override void OnTestBatchEnd(BatchContext context) => Add(nameof(OnTestBatchEnd));

    public override void OnPredictStart(HookContext context) => Add(nameof(OnPredictStart));

    public override void OnPredictEnd(HookContext context) => Add(nameof(OnPredictEnd));

    public override void OnPredictEpochStart(HookContext context) => Add(nameof(OnPredictEpochStart));

    public override void OnPredictEpochEnd(HookContext context) => Add(nameof(OnPredictEpochEnd));

    public override void OnPredictBatchStart(BatchContext context) => Add(nameof(OnPredictBatchStart));

    public override void OnPredictBatchEnd(PredictBatchEndContext context) => Add(nameof(OnPredictBatchEnd));

    public override void OnSaveCheckpoint(CheckpointContext context) => Add(nameof(OnSaveCheckpoint));

    public override void OnLoadCheckpoint(CheckpointContext context) => Add(nameof(OnLoadCheckpoint));

    public override void OnException(ExceptionContext context) => Add(nameof(OnException));

    private void Add(string hook) => lines.Add($"{source} {hook}");
}
