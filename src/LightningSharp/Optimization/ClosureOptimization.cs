using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Batches for an optimizer that evaluates the loss several times per step (LBFGS). Each evaluation is a closure: the training step, zeroing, backward, and what follows a backward
/// (unscaling, clipping) with their hooks. The step counts once; the batch's loss is that of the last evaluation. An evaluation whose loss or gradients may not reach the weights leaves
/// the whole step out.
/// </summary>
internal sealed class ClosureOptimization<TBatch, TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, Hooks hooks)
    : IOptimizationEngine<TBatch>, IDisposable
{
    private readonly AutomaticOptimization<TBatch, TInput, TOutput> _updates = new(trainer, model, hooks);
    private Tensor? _loss;
    private bool _leftOut;

    public bool Stepped { get; private set; }

    public int Accumulated => 0; // every batch ends with its step

    public Tensor? Run(TBatch batch, int batchIndex, AccumulationWindow window)
    {
        if (window.Size > 1)
            throw new MisconfigurationException($"{nameof(Trainer.AccumulateGradBatches)} = {window.Size} does not work with LBFGS: it evaluates each batch several times. Use 1.");
        (Stepped, _leftOut, _loss) = (false, false, null);
        var optimizer = trainer.AllOptimizers[0];
        optimizer.SteppedNow = false;
        if (trainer.Running.IsTrainingOnTrial) trainer.Running.GiveUpLayout(batch); // a step that runs several times cannot be tried
        if (trainer.SkipBackward) return Forward(batch, batchIndex);
        optimizer.Closure = () => Evaluate(batch, batchIndex, optimizer);
        trainer.Hook = HookId.OptimizerStep;
        try
        {
            model.OptimizerStep(trainer.Progress.Epoch, batchIndex, optimizer);
        }
        finally
        {
            optimizer.Closure = null;
        }

        if (_loss is null)
        {
            throw new MisconfigurationException(
                $"{model.GetType().Name}.OptimizerStep did not step LBFGS: the training step and the backward pass run inside of it, so that the batch was not looked at. Call base.OptimizerStep.");
        }

        if (_leftOut) return _loss;
        trainer.CountStep(optimizer);
        Stepped = true;
        return _loss;
    }

    public IReadOnlyDictionary<string, object?> Save() => new Dictionary<string, object?> { ["stepped"] = Stepped };

    public void Load(IReadOnlyDictionary<string, object?> state) => Stepped = trainer.AllOptimizers[0].SteppedNow = state.GetValueOrDefault("stepped") is true;

    public void Dispose() => _updates.Dispose();

    private Tensor? Evaluate(TBatch batch, int batchIndex, LightningOptimizer optimizer)
    {
        var loss = Forward(batch, batchIndex) ?? throw new MisconfigurationException($"{model.GetType().Name}.TrainingStep returned null: a batch cannot be skipped with LBFGS, which needs its loss.");
        _leftOut = !_updates.Evaluate(loss, batchIndex, optimizer);
        trainer.Hook = HookId.OptimizerStep;
        _loss = loss;
        return _leftOut ? null : loss;
    }

    private Tensor? Forward(TBatch batch, int batchIndex)
    {
        trainer.Hook = HookId.TrainingStep;
        using var precision = trainer.Running.Precision.Forward();
        return model.TrainingStep(batch, batchIndex);
    }
}
