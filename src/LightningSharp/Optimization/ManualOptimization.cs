using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>The batch of a module that calls backward and its optimizers itself; what the Trainer adds is counting and hooks.</summary>
internal sealed class ManualOptimization<TBatch, TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, Hooks hooks)
    : IOptimizationEngine<TBatch>, IManualOptimization
{
    private readonly FiniteLoss _finite = new(trainer);
    private readonly FiniteGradients _gradients = new(trainer, model);
    private bool _stepped;

    /// <summary>Every batch: the Trainer cannot know what a window is here, so values are logged by batch (behaviour G12, G13).</summary>
    public bool Stepped => true;

    public Tensor? Run(TBatch batch, int batchIndex, AccumulationWindow window)
    {
        _stepped = false;
        trainer.Hook = HookId.TrainingStep;
        using var precision = trainer.Running.Precision.Forward();
        return model.TrainingStep(batch, batchIndex);
    }

    public int Accumulated => 0;

    public IReadOnlyDictionary<string, object?> Save() => new Dictionary<string, object?> { ["stepped"] = _stepped };

    public void Load(IReadOnlyDictionary<string, object?> state) => _stepped = state.GetValueOrDefault("stepped") is true;

    public void Backward(Tensor loss, ILightningModule module)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (!_finite.Allows(loss)) return;
        var scaled = trainer.Running.Precision.ScaleLoss(loss);
        hooks.OnBeforeBackward(new(trainer, model, scaled));
        model.OnBeforeBackward(scaled);
        trainer.Hook = HookId.Backward;
        model.Backward(scaled);
        hooks.OnAfterBackward(new(trainer, model));
        model.OnAfterBackward();
        trainer.Hook = HookId.TrainingStep;
    }

    public void Step(LightningOptimizer optimizer, Func<Tensor>? closure)
    {
        if (closure is null && !_gradients.Allow(optimizer)) return;
        trainer.Running.Precision.Unscale(optimizer.Optimizer);
        hooks.OnBeforeOptimizerStep(new(trainer, model, optimizer.Optimizer));
        model.OnBeforeOptimizerStep(optimizer);
        trainer.Hook = HookId.TrainingStep;
        if (closure is not null && optimizer.Optimizer is TorchSharp.Modules.LBFGS)
        {
            if (!StepChecked(optimizer, closure)) return;
        }
        else optimizer.StepNow(closure);

        trainer.CountStep(optimizer);
        _stepped = true;
    }

    // Looks at the gradients of each evaluation; false when the step was left out.
    private bool StepChecked(LightningOptimizer optimizer, Func<Tensor> closure)
    {
        var leftOut = false;
        optimizer.StepNow(Evaluate);
        return !leftOut;

        Tensor? Evaluate()
        {
            var loss = closure();
            leftOut = !_gradients.Allow(optimizer);
            return leftOut ? null : loss;
        }
    }
}
