namespace LightningSharp;

/// <summary>
/// Adds behaviour to training without touching the model: stopping, saving, showing. Override what you need; every hook is empty by default.
/// Hooks run in the order of <see cref="TrainerOptions.Callbacks"/>, before the module's own hook of the same name. An exception ends the run.
/// </summary>
/// <example><code>
/// sealed class PrintLoss : Callback
/// {
///     public override void OnTrainEpochEnd(HookContext context) =&gt; System.Console.WriteLine(context.Trainer.CallbackMetrics["loss"]);
/// }
/// </code></example>
public abstract class Callback
{
    /// <summary>Under this key the callback's state lies in checkpoints; two stateful callbacks must differ in it.</summary>
    public virtual string StateKey => GetType().Name;

    /// <summary>
    /// True for callbacks that read logged metrics (early stopping, checkpoints): their <see cref="OnTrainEpochEnd"/> runs after the module's, so that they see
    /// what the module logged there.
    /// </summary>
    public virtual bool Monitors => false;

    /// <summary>Where in the order this callback belongs: finders first (-1), ordinary ones in the user's order (0), checkpoints last (1).</summary>
    public virtual int Order => 0;

    /// <summary>
    /// <see cref="Trainer.Reset"/>, between two runs: forget what earlier runs have left in this object (scores, counters, times), so that it is as it was when it was made. What is set
    /// anew in <see cref="Setup"/> needs nothing here.
    /// </summary>
    public virtual void OnReset()
    {
    }

    /// <summary>Start of every entry point, in every process, after the data module's.</summary>
    public virtual void Setup(StageContext context)
    {
    }

    /// <summary>End of every entry point that did not fail.</summary>
    public virtual void Teardown(StageContext context)
    {
    }

    /// <summary>Once per fit, before the sanity check; the model is on its device.</summary>
    public virtual void OnFitStart(HookContext context)
    {
    }

    /// <summary>Once per fit, after everything.</summary>
    public virtual void OnFitEnd(HookContext context)
    {
    }

    /// <summary>Before the sanity check.</summary>
    public virtual void OnSanityCheckStart(HookContext context)
    {
    }

    /// <summary>After the sanity check.</summary>
    public virtual void OnSanityCheckEnd(HookContext context)
    {
    }

    /// <summary>After the sanity check, before the first epoch.</summary>
    public virtual void OnTrainStart(HookContext context)
    {
    }

    /// <summary>After the last epoch.</summary>
    public virtual void OnTrainEnd(HookContext context)
    {
    }

    /// <summary>Before the first batch of an epoch; not repeated when a run resumes in mid-epoch.</summary>
    public virtual void OnTrainEpochStart(HookContext context)
    {
    }

    /// <summary>After the last batch of an epoch and any validation in it.</summary>
    public virtual void OnTrainEpochEnd(HookContext context)
    {
    }

    /// <summary>Before a batch is trained on; it is on the device.</summary>
    public virtual void OnTrainBatchStart(BatchContext context)
    {
    }

    /// <summary>After a batch, its optimizer step and its schedulers.</summary>
    public virtual void OnTrainBatchEnd(TrainBatchEndContext context)
    {
    }

    /// <summary>Before gradients are cleared: at the first batch of an accumulation window.</summary>
    public virtual void OnBeforeZeroGrad(OptimizerContext context)
    {
    }

    /// <summary>Before the backward pass of every batch.</summary>
    public virtual void OnBeforeBackward(BackwardContext context)
    {
    }

    /// <summary>After the backward pass of every batch.</summary>
    public virtual void OnAfterBackward(HookContext context)
    {
    }

    /// <summary>Before an optimizer steps: after accumulation and unscaling, before clipping.</summary>
    public virtual void OnBeforeOptimizerStep(OptimizerContext context)
    {
    }

    /// <summary>Before a validation run.</summary>
    public virtual void OnValidationStart(HookContext context)
    {
    }

    /// <summary>After a validation run; its metrics are available.</summary>
    public virtual void OnValidationEnd(HookContext context)
    {
    }

    /// <summary>Inside the validation run, before its first batch.</summary>
    public virtual void OnValidationEpochStart(HookContext context)
    {
    }

    /// <summary>Inside the validation run, after its last batch; the last place to log for it.</summary>
    public virtual void OnValidationEpochEnd(HookContext context)
    {
    }

    /// <summary>Before a validation batch.</summary>
    public virtual void OnValidationBatchStart(BatchContext context)
    {
    }

    /// <summary>After a validation batch.</summary>
    public virtual void OnValidationBatchEnd(BatchContext context)
    {
    }

    /// <summary>Before a test run.</summary>
    public virtual void OnTestStart(HookContext context)
    {
    }

    /// <summary>After a test run.</summary>
    public virtual void OnTestEnd(HookContext context)
    {
    }

    /// <summary>Inside the test run, before its first batch.</summary>
    public virtual void OnTestEpochStart(HookContext context)
    {
    }

    /// <summary>Inside the test run, after its last batch; the last place to log for it.</summary>
    public virtual void OnTestEpochEnd(HookContext context)
    {
    }

    /// <summary>Before a test batch.</summary>
    public virtual void OnTestBatchStart(BatchContext context)
    {
    }

    /// <summary>After a test batch.</summary>
    public virtual void OnTestBatchEnd(BatchContext context)
    {
    }

    /// <summary>Before a prediction run.</summary>
    public virtual void OnPredictStart(HookContext context)
    {
    }

    /// <summary>After a prediction run.</summary>
    public virtual void OnPredictEnd(HookContext context)
    {
    }

    /// <summary>Inside the prediction run, before its first batch.</summary>
    public virtual void OnPredictEpochStart(HookContext context)
    {
    }

    /// <summary>Inside the prediction run, after its last batch.</summary>
    public virtual void OnPredictEpochEnd(HookContext context)
    {
    }

    /// <summary>Before a batch is predicted.</summary>
    public virtual void OnPredictBatchStart(BatchContext context)
    {
    }

    /// <summary>After a batch was predicted; the prediction is on the device still.</summary>
    public virtual void OnPredictBatchEnd(PredictBatchEndContext context)
    {
    }

    /// <summary>Before a checkpoint is written: add or change entries.</summary>
    public virtual void OnSaveCheckpoint(CheckpointContext context)
    {
    }

    /// <summary>After a checkpoint was read, before weights are loaded from it.</summary>
    public virtual void OnLoadCheckpoint(CheckpointContext context)
    {
    }

    /// <summary>The run ends with this exception; nothing is torn down yet.</summary>
    public virtual void OnException(ExceptionContext context)
    {
    }
}
