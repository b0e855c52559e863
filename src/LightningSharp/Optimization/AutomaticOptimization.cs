using LightningSharp.Checkpointing;
using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// One batch from step to update, as a straight line: forward, clear, backward, and at the end of an accumulation window clip and step.
/// No closure, so that a debugger in <c>TrainingStep</c> shows the way there; LBFGS, which evaluates the loss several times, has an engine of its own.
/// </summary>
internal sealed class AutomaticOptimization<TBatch, TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, Hooks hooks)
    : IOptimizationEngine<TBatch>, IDisposable
{
    private readonly bool _alternating = trainer.OptimizerSetup.Alternating && trainer.Optimizers.Count > 1;
    private readonly FiniteLoss _finite = new(trainer);
    private readonly FiniteGradients _gradients = new(trainer, model);
    private Scalar? _divisor;
    private int _divisorValue;
    private int _accumulated;
    private int _turn;
    private int _turnSteps;

    public bool Stepped { get; private set; }

    public Tensor? Run(TBatch batch, int batchIndex, AccumulationWindow window)
    {
        Stepped = false;
        foreach (var optimizer in trainer.AllOptimizers) optimizer.SteppedNow = false;
        trainer.Hook = HookId.TrainingStep;
        Tensor? loss;
        if (trainer.Running.IsTrainingOnTrial) loss = TryStep(batch, batchIndex);
        else
        {
            using var precision = trainer.Running.Precision.Forward();
            loss = _alternating ? model.TrainingStep(batch, batchIndex, _turn) : model.TrainingStep(batch, batchIndex);
        }

        if (trainer.SkipBackward) return loss;
        if (loss is not null) Differentiate(loss, batchIndex, window);
        else trainer.Messages.Warn(MessageId.SkippedBatch, $"{model.GetType().Name}.TrainingStep returned null: the batch is skipped (this is said once).");
        if (window.IsLast && _accumulated > 0) Update(batchIndex, window);
        return loss;
    }

    public int Accumulated => _accumulated;

    public void EndEpoch() => _accumulated = 0; // the next backward pass clears the gradients

    public IReadOnlyDictionary<string, object?> Save() => new Dictionary<string, object?>
    {
        ["accumulated"] = (long)_accumulated, ["turn"] = (long)_turn, ["turn_steps"] = (long)_turnSteps, ["stepped"] = Stepped,
        ["stepped_optimizers"] = trainer.AllOptimizers.Where(optimizer => optimizer.SteppedNow).Select(optimizer => (object?)(long)optimizer.Index).ToList(),
    };

    public void Load(IReadOnlyDictionary<string, object?> state)
    {
        _accumulated = (int)StateValue.Long(state, "accumulated");
        _turn = (int)StateValue.Long(state, "turn") % Math.Max(1, trainer.Optimizers.Count);
        _turnSteps = (int)StateValue.Long(state, "turn_steps");
        Stepped = state.GetValueOrDefault("stepped") is true;
        var indexes = StateValue.List(state.GetValueOrDefault("stepped_optimizers"));
        foreach (var optimizer in trainer.AllOptimizers) optimizer.SteppedNow = Stepped && (!_alternating || indexes.Contains((long)optimizer.Index));
    }

    public void Dispose() => _divisor?.Dispose();

    // The first step in a memory layout that the Trainer chose by itself: where the model cannot work in it, the step runs once more from the same
    // random numbers and buffers in the ordinary one. Tensors made here die with the batch.
    private Tensor? TryStep(TBatch batch, int batchIndex)
    {
        var random = torch.random.get_rng_state();
        var buffers = model.buffers().Select(buffer => (Buffer: buffer, Before: buffer.clone())).ToList();
        using var drawing = new DrawingOrder(model);
        try
        {
            using var precision = trainer.Running.Precision.Forward();
            var loss = _alternating ? model.TrainingStep(batch, batchIndex, _turn) : model.TrainingStep(batch, batchIndex);
            trainer.Running.EndTrainingTrial();
            return loss;
        }
        catch (Exception exception) when (trainer.Running.IsFaultOfLayout(exception, training: true))
        {
            trainer.Running.GiveUpLayout(batch);
            using var mode = no_grad();
            torch.random.set_rng_state(random);
            foreach (var (buffer, before) in buffers) buffer.copy_(before);
        }

        using var again = trainer.Running.Precision.Forward();
        return _alternating ? model.TrainingStep(batch, batchIndex, _turn) : model.TrainingStep(batch, batchIndex);
    }

    /// <summary>Backward with its hooks, unless the loss may not reach the weights.</summary>
    internal void Differentiate(Tensor loss, int batchIndex, AccumulationWindow window)
    {
        RequireLoss(loss);
        if (!_finite.Allows(loss)) return;
        if (_accumulated == 0) ZeroGrad(batchIndex);
        var scaled = window.Size > 1 ? loss / Divisor(window.Size) : loss;
        scaled = trainer.Running.Precision.ScaleLoss(scaled);
        hooks.OnBeforeBackward(new(trainer, model, scaled));
        model.OnBeforeBackward(scaled);
        trainer.Hook = HookId.Backward;
        model.Backward(scaled);
        hooks.OnAfterBackward(new(trainer, model));
        model.OnAfterBackward();
        _accumulated++;
    }

    /// <summary>One evaluation of a closure: backward, and what prepares the gradients for the step, which follows inside of the optimizer.</summary>
    /// <returns>False when loss or gradients may not reach the weights: the step is to be left out.</returns>
    internal bool Evaluate(Tensor loss, int batchIndex, LightningOptimizer optimizer)
    {
        _accumulated = 0;
        Differentiate(loss, batchIndex, AccumulationWindow.Single);
        var allowed = _accumulated > 0 && _gradients.Allow(optimizer);
        if (allowed) Prepare(optimizer);
        _accumulated = 0;
        return allowed;
    }

    private void ZeroGrad(int batchIndex)
    {
        foreach (var optimizer in Active())
        {
            hooks.OnBeforeZeroGrad(new(trainer, model, optimizer.Optimizer));
            model.OnBeforeZeroGrad(optimizer);
            trainer.Hook = HookId.OptimizerZeroGrad;
            model.OptimizerZeroGrad(trainer.Progress.Epoch, batchIndex, optimizer);
        }
    }

    /// <summary>Clips and steps, with the hooks.</summary>
    internal void Update(int batchIndex, AccumulationWindow window)
    {
        foreach (var optimizer in Active())
        {
            if (!_gradients.Allow(optimizer)) continue;
            // A window that turned out shorter than announced: its mean is over the batches that were there (behaviour D-ACC).
            if (_accumulated != window.Size) Rescale(optimizer, (double)window.Size / _accumulated);
            Prepare(optimizer);
            trainer.Hook = HookId.OptimizerStep;
            model.OptimizerStep(trainer.Progress.Epoch, batchIndex, optimizer);
            trainer.CountStep(optimizer);
            Stepped = true;
        }

        _accumulated = 0;
        if (_alternating) NextTurn();
    }

    private void Prepare(LightningOptimizer optimizer)
    {
        trainer.Running.Precision.Unscale(optimizer.Optimizer);
        hooks.OnBeforeOptimizerStep(new(trainer, model, optimizer.Optimizer));
        model.OnBeforeOptimizerStep(optimizer);
        trainer.Hook = HookId.ConfigureGradientClipping;
        model.ConfigureGradientClipping(optimizer, trainer.Options.GradientClipVal, trainer.Options.GradientClipAlgorithm);
    }

    private LightningOptimizer[] Active() => _alternating ? trainer.OneOptimizer(_turn) : trainer.AllOptimizers;

    private void NextTurn()
    {
        if (++_turnSteps < trainer.Optimizers[_turn].Entry.Frequency) return;
        (_turn, _turnSteps) = ((_turn + 1) % trainer.Optimizers.Count, 0);
    }

    private static void Rescale(LightningOptimizer optimizer, double factor)
    {
        using Scalar scalar = factor;
        foreach (var parameter in optimizer.Parameters)
        {
            using var gradient = parameter.grad;
            gradient?.mul_(scalar);
        }
    }

    // A held Scalar: an implicit one could be finalized while libtorch reads it.
    private Scalar Divisor(int size)
    {
        if (_divisor is not null && _divisorValue == size) return _divisor;
        _divisor?.Dispose();
        _divisorValue = size;
        return _divisor = (double)size;
    }

    private void RequireLoss(Tensor loss)
    {
        if (loss.numel() != 1)
        {
            throw new MisconfigurationException(
                $"{model.GetType().Name}.TrainingStep returned a tensor of shape [{string.Join(", ", loss.shape)}]: a loss of one element is expected. "
                + "Return its mean or sum, for example loss.mean().");
        }

        if (!loss.requires_grad)
        {
            throw new MisconfigurationException(
                $"{model.GetType().Name}.TrainingStep returned a loss that no gradient flows through (it is detached, or was computed under no_grad or from no parameter). "
                + "Return the loss as the loss function gave it; for a step without training return null.");
        }
    }
}
