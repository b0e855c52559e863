namespace LightningSharp;

/// <summary>All callbacks of a run as one: calls each in order, and notes which hook runs, for the rules of logging and for error messages.</summary>
internal sealed class Hooks(Trainer trainer, IReadOnlyList<Callback> callbacks) : Callback
{
    private Callback[] _given = Sorted(callbacks);

    // What is called: the callbacks, or with a profiler their timed doubles.
    private Callback[] _callbacks = Timed(trainer, Sorted(callbacks));

    public IReadOnlyList<Callback> Callbacks => _given;

    /// <summary>The callbacks of the run that begins: those of the Trainer, and those that the module asked for.</summary>
    public void Use(IEnumerable<Callback> callbacks)
    {
        _given = Sorted(callbacks);
        _callbacks = Timed(trainer, _given);
        CallbackKeys.Require(_given);
    }

    private static Callback[] Sorted(IEnumerable<Callback> callbacks) => [.. callbacks.OrderBy(callback => callback.Order)]; // a stable sort

    private static Callback[] Timed(Trainer trainer, Callback[] callbacks)
        => trainer.Options.Profiler is null ? callbacks : Array.ConvertAll(callbacks, callback => (Callback)new Profiling.TimedCallback(trainer, callback));

    public override void Setup(StageContext context)
    {
        trainer.Hook = HookId.Setup;
        foreach (var callback in _callbacks) callback.Setup(context);
    }

    public override void Teardown(StageContext context)
    {
        trainer.Hook = HookId.Teardown;
        foreach (var callback in _callbacks) callback.Teardown(context);
    }

    public override void OnFitStart(HookContext context)
    {
        trainer.Hook = HookId.OnFitStart;
        foreach (var callback in _callbacks) callback.OnFitStart(context);
    }

    public override void OnFitEnd(HookContext context)
    {
        trainer.Hook = HookId.OnFitEnd;
        foreach (var callback in _callbacks) callback.OnFitEnd(context);
    }

    public override void OnSanityCheckStart(HookContext context)
    {
        trainer.Hook = HookId.OnSanityCheckStart;
        foreach (var callback in _callbacks) callback.OnSanityCheckStart(context);
    }

    public override void OnSanityCheckEnd(HookContext context)
    {
        trainer.Hook = HookId.OnSanityCheckEnd;
        foreach (var callback in _callbacks) callback.OnSanityCheckEnd(context);
    }

    public override void OnTrainStart(HookContext context)
    {
        trainer.Hook = HookId.OnTrainStart;
        foreach (var callback in _callbacks) callback.OnTrainStart(context);
    }

    public override void OnTrainEnd(HookContext context)
    {
        trainer.Hook = HookId.OnTrainEnd;
        foreach (var callback in _callbacks) callback.OnTrainEnd(context);
    }

    public override void OnTrainEpochStart(HookContext context)
    {
        trainer.Hook = HookId.OnTrainEpochStart;
        foreach (var callback in _callbacks) callback.OnTrainEpochStart(context);
    }

    /// <summary>The callbacks that do not monitor; the others follow after the module's own hook.</summary>
    public override void OnTrainEpochEnd(HookContext context)
    {
        trainer.Hook = HookId.OnTrainEpochEnd;
        foreach (var callback in _callbacks)
        {
            if (!callback.Monitors) callback.OnTrainEpochEnd(context);
        }
    }

    public void OnTrainEpochEndMonitors(HookContext context)
    {
        trainer.Hook = HookId.OnTrainEpochEnd;
        foreach (var callback in _callbacks)
        {
            if (callback.Monitors) callback.OnTrainEpochEnd(context);
        }
    }

    public override void OnTrainBatchStart(BatchContext context)
    {
        trainer.Hook = HookId.OnTrainBatchStart;
        foreach (var callback in _callbacks) callback.OnTrainBatchStart(context);
    }

    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        trainer.Hook = HookId.OnTrainBatchEnd;
        foreach (var callback in _callbacks) callback.OnTrainBatchEnd(context);
    }

    public override void OnBeforeZeroGrad(OptimizerContext context)
    {
        trainer.Hook = HookId.OnBeforeZeroGrad;
        foreach (var callback in _callbacks) callback.OnBeforeZeroGrad(context);
    }

    public override void OnBeforeBackward(BackwardContext context)
    {
        trainer.Hook = HookId.OnBeforeBackward;
        foreach (var callback in _callbacks) callback.OnBeforeBackward(context);
    }

    public override void OnAfterBackward(HookContext context)
    {
        trainer.Hook = HookId.OnAfterBackward;
        foreach (var callback in _callbacks) callback.OnAfterBackward(context);
    }

    public override void OnBeforeOptimizerStep(OptimizerContext context)
    {
        trainer.Hook = HookId.OnBeforeOptimizerStep;
        foreach (var callback in _callbacks) callback.OnBeforeOptimizerStep(context);
    }

    public override void OnValidationStart(HookContext context)
    {
        trainer.Hook = HookId.OnValidationStart;
        foreach (var callback in _callbacks) callback.OnValidationStart(context);
    }

    public override void OnValidationEnd(HookContext context)
    {
        trainer.Hook = HookId.OnValidationEnd;
        foreach (var callback in _callbacks) callback.OnValidationEnd(context);
    }

    public override void OnValidationEpochStart(HookContext context)
    {
        trainer.Hook = HookId.OnValidationEpochStart;
        foreach (var callback in _callbacks) callback.OnValidationEpochStart(context);
    }

    public override void OnValidationEpochEnd(HookContext context)
    {
        trainer.Hook = HookId.OnValidationEpochEnd;
        foreach (var callback in _callbacks) callback.OnValidationEpochEnd(context);
    }

    public override void OnValidationBatchStart(BatchContext context)
    {
        trainer.Hook = HookId.OnValidationBatchStart;
        foreach (var callback in _callbacks) callback.OnValidationBatchStart(context);
    }

    public override void OnValidationBatchEnd(BatchContext context)
    {
        trainer.Hook = HookId.OnValidationBatchEnd;
        foreach (var callback in _callbacks) callback.OnValidationBatchEnd(context);
    }

    public override void OnTestStart(HookContext context)
    {
        trainer.Hook = HookId.OnTestStart;
        foreach (var callback in _callbacks) callback.OnTestStart(context);
    }

    public override void OnTestEnd(HookContext context)
    {
        trainer.Hook = HookId.OnTestEnd;
        foreach (var callback in _callbacks) callback.OnTestEnd(context);
    }

    public override void OnTestEpochStart(HookContext context)
    {
        trainer.Hook = HookId.OnTestEpochStart;
        foreach (var callback in _callbacks) callback.OnTestEpochStart(context);
    }

    public override void OnTestEpochEnd(HookContext context)
    {
        trainer.Hook = HookId.OnTestEpochEnd;
        foreach (var callback in _callbacks) callback.OnTestEpochEnd(context);
    }

    public override void OnTestBatchStart(BatchContext context)
    {
        trainer.Hook = HookId.OnTestBatchStart;
        foreach (var callback in _callbacks) callback.OnTestBatchStart(context);
    }

    public override void OnTestBatchEnd(BatchContext context)
    {
        trainer.Hook = HookId.OnTestBatchEnd;
        foreach (var callback in _callbacks) callback.OnTestBatchEnd(context);
    }

    public override void OnPredictStart(HookContext context)
    {
        trainer.Hook = HookId.OnPredictStart;
        foreach (var callback in _callbacks) callback.OnPredictStart(context);
    }

    public override void OnPredictEnd(HookContext context)
    {
        trainer.Hook = HookId.OnPredictEnd;
        foreach (var callback in _callbacks) callback.OnPredictEnd(context);
    }

    public override void OnPredictEpochStart(HookContext context)
    {
        trainer.Hook = HookId.OnPredictEpochStart;
        foreach (var callback in _callbacks) callback.OnPredictEpochStart(context);
    }

    public override void OnPredictEpochEnd(HookContext context)
    {
        trainer.Hook = HookId.OnPredictEpochEnd;
        foreach (var callback in _callbacks) callback.OnPredictEpochEnd(context);
    }

    public override void OnPredictBatchStart(BatchContext context)
    {
        trainer.Hook = HookId.OnPredictBatchStart;
        foreach (var callback in _callbacks) callback.OnPredictBatchStart(context);
    }

    public override void OnPredictBatchEnd(PredictBatchEndContext context)
    {
        trainer.Hook = HookId.OnPredictBatchEnd;
        foreach (var callback in _callbacks) callback.OnPredictBatchEnd(context);
    }

    public override void OnSaveCheckpoint(CheckpointContext context)
    {
        trainer.Hook = HookId.OnSaveCheckpoint;
        foreach (var callback in _callbacks) callback.OnSaveCheckpoint(context);
    }

    public override void OnLoadCheckpoint(CheckpointContext context)
    {
        trainer.Hook = HookId.OnLoadCheckpoint;
        foreach (var callback in _callbacks) callback.OnLoadCheckpoint(context);
    }

    public override void OnException(ExceptionContext context)
    {
        trainer.Hook = HookId.OnException;
        foreach (var callback in _callbacks) callback.OnException(context);
    }
}
