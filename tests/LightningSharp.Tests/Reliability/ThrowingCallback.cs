using System.Runtime.CompilerServices;

namespace LightningSharp.Tests.Reliability;

/// <summary>Throws in one hook; a test makes sure that no hook of <see cref="Callback"/> is missing here.</summary>
internal sealed class ThrowingCallback(string hook) : Callback, IStateful
{
    public InvalidOperationException Thrown { get; } = new($"from the callback's {hook}");

    public bool Armed { get; set; } = true;

    public int Count { get; private set; }

    public override void Setup(StageContext context) => At();

    public override void Teardown(StageContext context) => At();

    public override void OnFitStart(HookContext context) => At();

    public override void OnFitEnd(HookContext context) => At();

    public override void OnSanityCheckStart(HookContext context) => At();

    public override void OnSanityCheckEnd(HookContext context) => At();

    public override void OnTrainStart(HookContext context) => At();

    public override void OnTrainEnd(HookContext context) => At();

    public override void OnTrainEpochStart(HookContext context) => At();

    public override void OnTrainEpochEnd(HookContext context) => At();

    public override void OnTrainBatchStart(BatchContext context) => At();

    public override void OnTrainBatchEnd(TrainBatchEndContext context) => At();

    public override void OnBeforeZeroGrad(OptimizerContext context) => At();

    public override void OnBeforeBackward(BackwardContext context) => At();

    public override void OnAfterBackward(HookContext context) => At();

    public override void OnBeforeOptimizerStep(OptimizerContext context) => At();

    public override void OnValidationStart(HookContext context) => At();

    public override void OnValidationEnd(HookContext context) => At();

    public override void OnValidationEpochStart(HookContext context) => At();

    public override void OnValidationEpochEnd(HookContext context) => At();

    public override void OnValidationBatchStart(BatchContext context) => At();

    public override void OnValidationBatchEnd(BatchContext context) => At();

    public override void OnTestStart(HookContext context) => At();

    public override void OnTestEnd(HookContext context) => At();

    public override void OnTestEpochStart(HookContext context) => At();

    public override void OnTestEpochEnd(HookContext context) => At();

    public override void OnTestBatchStart(BatchContext context) => At();

    public override void OnTestBatchEnd(BatchContext context) => At();

    public override void OnPredictStart(HookContext context) => At();

    public override void OnPredictEnd(HookContext context) => At();

    public override void OnPredictEpochStart(HookContext context) => At();

    public override void OnPredictEpochEnd(HookContext context) => At();

    public override void OnPredictBatchStart(BatchContext context) => At();

    public override void OnPredictBatchEnd(PredictBatchEndContext context) => At();

    public override void OnSaveCheckpoint(CheckpointContext context) => At();

    public override void OnLoadCheckpoint(CheckpointContext context) => At();

    public override void OnException(ExceptionContext context) => At();

    public IReadOnlyDictionary<string, object?> StateDict()
    {
        At();
        return new Dictionary<string, object?> { ["x"] = 1L };
    }

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => At();

    private void At([CallerMemberName] string name = "")
    {
        if (!Armed || name != hook) return;
        Count++;
        throw Thrown;
    }
}
