namespace LightningSharp.Callbacks;

/// <summary>A callback made of delegates: one for each hook of interest, given by name.</summary>
/// <example><code>Callbacks = [new LambdaCallback(onTrainEpochEnd: c =&gt; System.Console.WriteLine(c.Trainer.CallbackMetrics["loss"]))]</code></example>
/// <param name="setup">Start of every entry point, in every process, after the data module's.</param>
/// <param name="teardown">End of every entry point that did not fail.</param>
/// <param name="onFitStart">Once per fit, before the sanity check; the model is on its device.</param>
/// <param name="onFitEnd">Once per fit, after everything.</param>
/// <param name="onSanityCheckStart">Before the sanity check.</param>
/// <param name="onSanityCheckEnd">After the sanity check.</param>
/// <param name="onTrainStart">After the sanity check, before the first epoch.</param>
/// <param name="onTrainEnd">After the last epoch.</param>
/// <param name="onTrainEpochStart">Before the first batch of an epoch; not repeated when a run resumes in mid-epoch.</param>
/// <param name="onTrainEpochEnd">After the last batch of an epoch and any validation in it.</param>
/// <param name="onTrainBatchStart">Before a batch is trained on; it is on the device.</param>
/// <param name="onTrainBatchEnd">After a batch, its optimizer step and its schedulers.</param>
/// <param name="onBeforeZeroGrad">Before gradients are cleared: at the first batch of an accumulation window.</param>
/// <param name="onBeforeBackward">Before the backward pass of every batch.</param>
/// <param name="onAfterBackward">After the backward pass of every batch.</param>
/// <param name="onBeforeOptimizerStep">Before an optimizer steps: after accumulation and unscaling, before clipping.</param>
/// <param name="onValidationStart">Before a validation run.</param>
/// <param name="onValidationEnd">After a validation run; its metrics are available.</param>
/// <param name="onValidationEpochStart">Inside the validation run, before its first batch.</param>
/// <param name="onValidationEpochEnd">Inside the validation run, after its last batch; the last place to log for it.</param>
/// <param name="onValidationBatchStart">Before a validation batch.</param>
/// <param name="onValidationBatchEnd">After a validation batch.</param>
/// <param name="onTestStart">Before a test run.</param>
/// <param name="onTestEnd">After a test run.</param>
/// <param name="onTestEpochStart">Inside the test run, before its first batch.</param>
/// <param name="onTestEpochEnd">Inside the test run, after its last batch; the last place to log for it.</param>
/// <param name="onTestBatchStart">Before a test batch.</param>
/// <param name="onTestBatchEnd">After a test batch.</param>
/// <param name="onPredictStart">Before a prediction run.</param>
/// <param name="onPredictEnd">After a prediction run.</param>
/// <param name="onPredictEpochStart">Inside the prediction run, before its first batch.</param>
/// <param name="onPredictEpochEnd">Inside the prediction run, after its last batch.</param>
/// <param name="onPredictBatchStart">Before a batch is predicted.</param>
/// <param name="onPredictBatchEnd">After a batch was predicted; the prediction is on the device still.</param>
/// <param name="onSaveCheckpoint">Before a checkpoint is written: add or change entries.</param>
/// <param name="onLoadCheckpoint">After a checkpoint was read, before weights are loaded from it.</param>
/// <param name="onException">The run ends with this exception; nothing is torn down yet.</param>
public sealed class LambdaCallback(
    Action<StageContext>? setup = null,
    Action<StageContext>? teardown = null,
    Action<HookContext>? onFitStart = null,
    Action<HookContext>? onFitEnd = null,
    Action<HookContext>? onSanityCheckStart = null,
    Action<HookContext>? onSanityCheckEnd = null,
    Action<HookContext>? onTrainStart = null,
    Action<HookContext>? onTrainEnd = null,
    Action<HookContext>? onTrainEpochStart = null,
    Action<HookContext>? onTrainEpochEnd = null,
    Action<BatchContext>? onTrainBatchStart = null,
    Action<TrainBatchEndContext>? onTrainBatchEnd = null,
    Action<OptimizerContext>? onBeforeZeroGrad = null,
    Action<BackwardContext>? onBeforeBackward = null,
    Action<HookContext>? onAfterBackward = null,
    Action<OptimizerContext>? onBeforeOptimizerStep = null,
    Action<HookContext>? onValidationStart = null,
    Action<HookContext>? onValidationEnd = null,
    Action<HookContext>? onValidationEpochStart = null,
    Action<HookContext>? onValidationEpochEnd = null,
    Action<BatchContext>? onValidationBatchStart = null,
    Action<BatchContext>? onValidationBatchEnd = null,
    Action<HookContext>? onTestStart = null,
    Action<HookContext>? onTestEnd = null,
    Action<HookContext>? onTestEpochStart = null,
    Action<HookContext>? onTestEpochEnd = null,
    Action<BatchContext>? onTestBatchStart = null,
    Action<BatchContext>? onTestBatchEnd = null,
    Action<HookContext>? onPredictStart = null,
    Action<HookContext>? onPredictEnd = null,
    Action<HookContext>? onPredictEpochStart = null,
    Action<HookContext>? onPredictEpochEnd = null,
    Action<BatchContext>? onPredictBatchStart = null,
    Action<PredictBatchEndContext>? onPredictBatchEnd = null,
    Action<CheckpointContext>? onSaveCheckpoint = null,
    Action<CheckpointContext>? onLoadCheckpoint = null,
    Action<ExceptionContext>? onException = null)
    : Callback
{
    /// <inheritdoc/>
    public override void Setup(StageContext context) => setup?.Invoke(context);

    /// <inheritdoc/>
    public override void Teardown(StageContext context) => teardown?.Invoke(context);

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context) => onFitStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnFitEnd(HookContext context) => onFitEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnSanityCheckStart(HookContext context) => onSanityCheckStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnSanityCheckEnd(HookContext context) => onSanityCheckEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context) => onTrainStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTrainEnd(HookContext context) => onTrainEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTrainEpochStart(HookContext context) => onTrainEpochStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context) => onTrainEpochEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTrainBatchStart(BatchContext context) => onTrainBatchStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context) => onTrainBatchEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnBeforeZeroGrad(OptimizerContext context) => onBeforeZeroGrad?.Invoke(context);

    /// <inheritdoc/>
    public override void OnBeforeBackward(BackwardContext context) => onBeforeBackward?.Invoke(context);

    /// <inheritdoc/>
    public override void OnAfterBackward(HookContext context) => onAfterBackward?.Invoke(context);

    /// <inheritdoc/>
    public override void OnBeforeOptimizerStep(OptimizerContext context) => onBeforeOptimizerStep?.Invoke(context);

    /// <inheritdoc/>
    public override void OnValidationStart(HookContext context) => onValidationStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnValidationEnd(HookContext context) => onValidationEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnValidationEpochStart(HookContext context) => onValidationEpochStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnValidationEpochEnd(HookContext context) => onValidationEpochEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnValidationBatchStart(BatchContext context) => onValidationBatchStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnValidationBatchEnd(BatchContext context) => onValidationBatchEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTestStart(HookContext context) => onTestStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTestEnd(HookContext context) => onTestEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTestEpochStart(HookContext context) => onTestEpochStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTestEpochEnd(HookContext context) => onTestEpochEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTestBatchStart(BatchContext context) => onTestBatchStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTestBatchEnd(BatchContext context) => onTestBatchEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnPredictStart(HookContext context) => onPredictStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnPredictEnd(HookContext context) => onPredictEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnPredictEpochStart(HookContext context) => onPredictEpochStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnPredictEpochEnd(HookContext context) => onPredictEpochEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnPredictBatchStart(BatchContext context) => onPredictBatchStart?.Invoke(context);

    /// <inheritdoc/>
    public override void OnPredictBatchEnd(PredictBatchEndContext context) => onPredictBatchEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnSaveCheckpoint(CheckpointContext context) => onSaveCheckpoint?.Invoke(context);

    /// <inheritdoc/>
    public override void OnLoadCheckpoint(CheckpointContext context) => onLoadCheckpoint?.Invoke(context);

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context) => onException?.Invoke(context);
}
