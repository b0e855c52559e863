using LightningSharp.Checkpointing;
using LightningSharp.Data;
using LightningSharp.Optimization;
using static TorchSharp.torch;

namespace LightningSharp;

#pragma warning disable CS1591 // the hooks are documented on Callback's members of the same names

/// <content>The hooks, in the order of events; docs/the-loop.md shows each in its place. All are empty until overridden.</content>
public abstract partial class LightningModule<TBatch, TInput, TOutput>
{
    public virtual void OnFitStart()
    {
    }

    public virtual void OnFitEnd()
    {
    }

    public virtual void OnTrainStart()
    {
    }

    public virtual void OnTrainEnd()
    {
    }

    public virtual void OnTrainEpochStart()
    {
    }

    public virtual void OnTrainEpochEnd()
    {
    }

    public virtual BatchFlow OnTrainBatchStart(TBatch batch, int batchIndex) => BatchFlow.Continue;

    public virtual void OnTrainBatchEnd(Tensor? loss, TBatch batch, int batchIndex)
    {
    }

    public virtual void OnBeforeZeroGrad(LightningOptimizer optimizer)
    {
    }

    public virtual void OnBeforeBackward(Tensor loss)
    {
    }

    public virtual void OnAfterBackward()
    {
    }

    public virtual void OnBeforeOptimizerStep(LightningOptimizer optimizer)
    {
    }

    public virtual void OnValidationStart()
    {
    }

    public virtual void OnValidationEnd()
    {
    }

    public virtual void OnValidationEpochStart()
    {
    }

    public virtual void OnValidationEpochEnd()
    {
    }

    public virtual void OnValidationBatchStart(TBatch batch, int batchIndex, int dataLoaderIndex)
    {
    }

    public virtual void OnValidationBatchEnd(TBatch batch, int batchIndex, int dataLoaderIndex)
    {
    }

    public virtual void OnTestStart()
    {
    }

    public virtual void OnTestEnd()
    {
    }

    public virtual void OnTestEpochStart()
    {
    }

    public virtual void OnTestEpochEnd()
    {
    }

    public virtual void OnTestBatchStart(TBatch batch, int batchIndex, int dataLoaderIndex)
    {
    }

    public virtual void OnTestBatchEnd(TBatch batch, int batchIndex, int dataLoaderIndex)
    {
    }

    public virtual void OnPredictStart()
    {
    }

    public virtual void OnPredictEnd()
    {
    }

    public virtual void OnPredictEpochStart()
    {
    }

    public virtual void OnPredictEpochEnd()
    {
    }

    public virtual void OnPredictBatchStart(TBatch batch, int batchIndex, int dataLoaderIndex)
    {
    }

    public virtual void OnPredictBatchEnd(TOutput? prediction, TBatch batch, int batchIndex, int dataLoaderIndex)
    {
    }

    public virtual void OnSaveCheckpoint(Checkpoint checkpoint)
    {
    }

    public virtual void OnLoadCheckpoint(Checkpoint checkpoint)
    {
    }

    /// <summary>Changes a batch on the host, before it moves. A data module's override runs instead of this one.</summary>
    public virtual TBatch OnBeforeBatchTransfer(TBatch batch, int dataLoaderIndex) => batch;

    /// <summary>Moves a batch to the device; override for types that nothing else can move.</summary>
    public virtual TBatch TransferBatchToDevice(TBatch batch, Device device, int dataLoaderIndex) => BatchTransfer.To(batch, device);

    /// <summary>Changes a batch on the device. A data module's override runs instead of this one.</summary>
    public virtual TBatch OnAfterBatchTransfer(TBatch batch, int dataLoaderIndex) => batch;

    /// <summary>Clears gradients before validation inside <c>Fit</c>, to free memory.</summary>
    public virtual void OnValidationModelZeroGrad() => zero_grad(set_to_none: true);

    /// <summary>Switches the module to eval mode before an evaluation run; its flags are restored one by one afterwards.</summary>
    public virtual void OnEvaluationModelEval(Stage stage) => eval();

    /// <summary>
    /// After an evaluation run. Only a module that overrides it is asked, and then sets the train and eval flags itself; otherwise (and after an exception) the flag of every
    /// sub-module is what it was before the run.
    /// </summary>
    public virtual void OnEvaluationModelTrain(Stage stage)
    {
    }
}
