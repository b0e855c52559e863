namespace LightningSharp.Profiling;

/// <summary>A callback whose every hook is an action of its own; takes the place of the callback while a profiler is on.</summary>
internal sealed class TimedCallback(Trainer trainer, Callback inner) : Callback
{
    private readonly Dictionary<string, string> _names = [];

    public override int Order => inner.Order;

    public override bool Monitors => inner.Monitors;

    public override void Setup(StageContext context) => Time(nameof(Setup), inner.Setup, context);

    public override void Teardown(StageContext context) => Time(nameof(Teardown), inner.Teardown, context);

    public override void OnFitStart(HookContext context) => Time(nameof(OnFitStart), inner.OnFitStart, context);

    public override void OnFitEnd(HookContext context) => Time(nameof(OnFitEnd), inner.OnFitEnd, context);

    public override void OnSanityCheckStart(HookContext context) => Time(nameof(OnSanityCheckStart), inner.OnSanityCheckStart, context);

    public override void OnSanityCheckEnd(HookContext context) => Time(nameof(OnSanityCheckEnd), inner.OnSanityCheckEnd, context);

    public override void OnTrainStart(HookContext context) => Time(nameof(OnTrainStart), inner.OnTrainStart, context);

    public override void OnTrainEnd(HookContext context) => Time(nameof(OnTrainEnd), inner.OnTrainEnd, context);

    public override void OnTrainEpochStart(HookContext context) => Time(nameof(OnTrainEpochStart), inner.OnTrainEpochStart, context);

    public override void OnTrainEpochEnd(HookContext context) => Time(nameof(OnTrainEpochEnd), inner.OnTrainEpochEnd, context);

    public override void OnTrainBatchStart(BatchContext context) => Time(nameof(OnTrainBatchStart), inner.OnTrainBatchStart, context);

    public override void OnTrainBatchEnd(TrainBatchEndContext context) => Time(nameof(OnTrainBatchEnd), inner.OnTrainBatchEnd, context);

    public override void OnBeforeZeroGrad(OptimizerContext context) => Time(nameof(OnBeforeZeroGrad), inner.OnBeforeZeroGrad, context);

    public override void OnBeforeBackward(BackwardContext context) => Time(nameof(OnBeforeBackward), inner.OnBeforeBackward, context);

    public override void OnAfterBackward(HookContext context) => Time(nameof(OnAfterBackward), inner.OnAfterBackward, context);

    public override void OnBeforeOptimizerStep(OptimizerContext context) => Time(nameof(OnBeforeOptimizerStep), inner.OnBeforeOptimizerStep, context);

    public override void OnValidationStart(HookContext context) => Time(nameof(OnValidationStart), inner.OnValidationStart, context);

    public override void OnValidationEnd(HookContext context) => Time(nameof(OnValidationEnd), inner.OnValidationEnd, context);

    public override void OnValidationEpochStart(HookContext context) => Time(nameof(OnValidationEpochStart), inner.OnValidationEpochStart, context);

    public override void OnValidationEpochEnd(HookContext context) => Time(nameof(OnValidationEpochEnd), inner.OnValidationEpochEnd, context);

    public override void OnValidationBatchStart(BatchContext context) => Time(nameof(OnValidationBatchStart), inner.OnValidationBatchStart, context);

    public override void OnValidationBatchEnd(BatchContext context) => Time(nameof(OnValidationBatchEnd), inner.OnValidationBatchEnd, context);

    public override void OnTestStart(HookContext context) => Time(nameof(OnTestStart), inner.OnTestStart, context);

    public override void OnTestEnd(HookContext context) => Time(nameof(OnTestEnd), inner.OnTestEnd, context);

    public override void OnTestEpochStart(HookContext context) => Time(nameof(OnTestEpochStart), inner.OnTestEpochStart, context);

    public override void OnTestEpochEnd(HookContext context) => Time(nameof(OnTestEpochEnd), inner.OnTestEpochEnd, context);

    public override void OnTestBatchStart(BatchContext context) => Time(nameof(OnTestBatchStart), inner.OnTestBatchStart, context);

    public override void OnTestBatchEnd(BatchContext context) => Time(nameof(OnTestBatchEnd), inner.OnTestBatchEnd, context);

    public override void OnPredictStart(HookContext context) => Time(nameof(OnPredictStart), inner.OnPredictStart, context);

    public override void OnPredictEnd(HookContext context) => Time(nameof(OnPredictEnd), inner.OnPredictEnd, context);

    public override void OnPredictEpochStart(HookContext context) => Time(nameof(OnPredictEpochStart), inner.OnPredictEpochStart, context);

    public override void OnPredictEpochEnd(HookContext context) => Time(nameof(OnPredictEpochEnd), inner.OnPredictEpochEnd, context);

    public override void OnPredictBatchStart(BatchContext context) => Time(nameof(OnPredictBatchStart), inner.OnPredictBatchStart, context);

    public override void OnPredictBatchEnd(PredictBatchEndContext context) => Time(nameof(OnPredictBatchEnd), inner.OnPredictBatchEnd, context);

    public override void OnSaveCheckpoint(CheckpointContext context) => Time(nameof(OnSaveCheckpoint), inner.OnSaveCheckpoint, context);

    public override void OnLoadCheckpoint(CheckpointContext context) => Time(nameof(OnLoadCheckpoint), inner.OnLoadCheckpoint, context);

    public override void OnException(ExceptionContext context) => Time(nameof(OnException), inner.OnException, context);

    private void Time<TContext>(string hook, Action<TContext> call, TContext context)
    {
        if (trainer.Profiling is not { } profiling)
        {
            call(context);
            return;
        }

        if (!_names.TryGetValue(hook, out var name))
            _names[hook] = name = call.Method.DeclaringType == typeof(Callback) ? string.Empty : $"[Callback]{inner.GetType().Name}.{hook}";
        if (name.Length == 0) return; // the callback leaves this hook empty
        profiling.OpenCallback(name);
        try
        {
            call(context);
        }
        finally
        {
            profiling.CloseCallback(name);
        }
    }
}
