using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Truncated backpropagation through time: the batch is cut into windows, each is a step of training with its own update, and the hidden state goes from one to the next without its
/// gradients. Tensors of a window are freed before the next one begins. The batch's loss is the mean of its windows' losses.
/// </summary>
internal sealed class TruncatedOptimization<TBatch, TInput, TOutput> : IOptimizationEngine<TBatch>, IDisposable
{
    private readonly Trainer _trainer;
    private readonly LightningModule<TBatch, TInput, TOutput> _model;
    private readonly AutomaticOptimization<TBatch, TInput, TOutput> _updates;
    private readonly SchedulerClock<TBatch, TInput, TOutput> _schedulers;
    private readonly HiddenState _hidden = new();
    private List<Tensor> _losses = []; // of the windows of one batch

    public TruncatedOptimization(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, Hooks hooks)
    {
        (_trainer, _model) = (trainer, model);
        _updates = new(trainer, model, hooks);
        _schedulers = new(trainer, model);
        Require();
    }

    public bool Stepped { get; private set; }

    public int Accumulated => 0; // every window ends with its step

    public Tensor? Run(TBatch batch, int batchIndex, AccumulationWindow window)
    {
        if (window.Size > 1) throw new MisconfigurationException($"AccumulateGradBatches was set to {window.Size} by a callback: with windows over time every window takes an optimizer step. Leave it at 1.");
        (Stepped, _losses) = (false, []);
        foreach (var optimizer in _trainer.AllOptimizers) optimizer.SteppedNow = false;
        var windows = _trainer.Options.TruncatedBpttSteps is > 0 and var steps ? _model.SplitBatch(batch, steps) : [batch];
        try
        {
            for (var i = 0; i < windows.Count && (i == 0 || BeginNext()); i++)
            {
                using var scope = NewDisposeScope();
                _trainer.Hook = HookId.TrainingStep;
                Tensor? loss;
                using (_trainer.Running.Precision.Forward()) loss = _model.TrainingStep(windows[i], batchIndex, _hidden);
                _hidden.Advance();
                if (loss is not null) Learn(loss, batchIndex);
                else _trainer.Messages.Warn(MessageId.SkippedBatch, $"{_model.GetType().Name}.TrainingStep returned null: the window is skipped (this is said once).");
            }
        }
        finally
        {
            _hidden.Clear();
        }

        return _losses.Count > 1 ? stack(_losses).mean() : _losses.FirstOrDefault();
    }

    public IReadOnlyDictionary<string, object?> Save() => new Dictionary<string, object?> { ["stepped"] = Stepped };

    public void Load(IReadOnlyDictionary<string, object?> state)
    {
        Stepped = state.GetValueOrDefault("stepped") is true;
        foreach (var optimizer in _trainer.AllOptimizers) optimizer.SteppedNow = Stepped;
    }

    public void Dispose()
    {
        _hidden.Dispose();
        _updates.Dispose();
    }

    // Between two windows is what otherwise lies between two batches: limits, schedulers. What follows the last window follows the batch.
    private bool BeginNext()
    {
        if (_trainer.GlobalStep >= _trainer.Limits.MaxSteps) return false;
        if (_trainer.AllOptimizers is [{ SteppedNow: true }, ..])
        {
            _schedulers.AfterStep(monitored: false);
            _schedulers.AfterStep(monitored: true);
        }

        foreach (var optimizer in _trainer.AllOptimizers) optimizer.SteppedNow = false;
        return true;
    }

    private void Learn(Tensor loss, int batchIndex)
    {
        _losses.Add(loss.detach().MoveToOuterDisposeScope());
        if (_trainer.SkipBackward) return;
        _updates.Differentiate(loss, batchIndex, AccumulationWindow.Single);
        if (_updates.Accumulated == 0) return; // a loss that is not finite, left out
        _updates.Update(batchIndex, AccumulationWindow.Single);
        Stepped = true;
    }

    private void Require()
    {
        var name = _model.GetType().Name;
        var problems = new List<string>();
        if (!ModuleOverrides.HasWindowStep(_model))
            problems.Add($"{name} does not override TrainingStep(window, batchIndex, {nameof(HiddenState)} hidden), which {nameof(TrainerOptions.TruncatedBpttSteps)} = {_trainer.Options.TruncatedBpttSteps} needs: override it, or leave the option out");
        if (!_model.AutomaticOptimization)
            problems.Add($"{name} optimizes manually: cut the batch in TrainingStep(batch, batchIndex) yourself, with SplitBatch");
        if (_trainer.OptimizerSetup.Alternating && _trainer.Optimizers.Count > 1)
            problems.Add($"the {_trainer.Optimizers.Count} optimizers of {name} take turns: return them as a list, so that all step in every window");
        if (_trainer.AllOptimizers.Any(optimizer => optimizer.Optimizer is LBFGS))
            problems.Add("LBFGS evaluates each batch several times, which a hidden state does not allow: use another optimizer");
        if (problems.Count > 0) throw new MisconfigurationException($"Windows over time (truncated backpropagation) cannot work:\n  - {string.Join("\n  - ", problems)}");
    }
}
