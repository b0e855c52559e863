using LightningSharp.Native;
using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>An optimizer of a run: stepping it counts, runs the hooks and respects the precision. Automatic optimization uses it, manual optimization calls it.</summary>
public sealed class LightningOptimizer
{
    private readonly Trainer _trainer;
    private readonly ILightningModule _module;
    private readonly ICollection<ParamGroup>? _groups;
    private int _groupCount;
    private Parameter[] _parameters;

    internal LightningOptimizer(Trainer trainer, ILightningModule module, OptimizerEntry entry, optim.Optimizer optimizer, int index)
    {
        (_trainer, _module, Entry, Optimizer, Index) = (trainer, module, entry, optimizer, index);
        _groups = entry.Optimizer.ParamGroups as ICollection<ParamGroup>; // TorchSharp keeps a list
        _parameters = Read();
    }

    /// <summary>The optimizer that takes the steps: the module's, or its fused equivalent (<see cref="TrainerOptions.FusedOptimizers"/>) with the same parameter groups.</summary>
    public optim.Optimizer Optimizer { get; }

    /// <summary>Its position in the set-up.</summary>
    public int Index { get; }

    /// <summary>Steps that it has taken in this run.</summary>
    public long StepCount { get; internal set; }

    /// <summary>What an optimizer that evaluates the loss itself runs in its next step; null leaves the step out.</summary>
    internal Func<Tensor?>? Closure { get; set; }

    /// <summary>Whether it stepped in the current batch: its schedulers by step follow then.</summary>
    internal bool SteppedNow { get; set; }

    /// <summary>Its parameters, read once: walking the module tree in every step costs more than a small step itself.</summary>
    public IReadOnlyList<Parameter> Parameters => ParameterArray;

    internal OptimizerEntry Entry { get; }

    internal Parameter[] ParameterArray
    {
        get
        {
            if (_groups is not null && _groups.Count != _groupCount) _parameters = Read(); // the module or a callback has added a group
            return _parameters;
        }
    }

    /// <summary>Sets the gradients of its parameters to null.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in ParameterArray) parameter.grad = null;
        _trainer.Running.Precision.Discard(Optimizer);
    }

    /// <summary>Takes a step in manual optimization: hooks, then the update; <see cref="Trainer.GlobalStep"/> grows by one.</summary>
    /// <param name="closure">For optimizers such as LBFGS that evaluate the loss several times: clears, differentiates and returns it.</param>
    /// <exception cref="MisconfigurationException">The module optimizes automatically.</exception>
    public void Step(Func<Tensor>? closure = null)
    {
        if (_module.AutomaticOptimization)
        {
            throw new MisconfigurationException(
                $"{nameof(LightningOptimizer)}.{nameof(Step)} was called by {_module.GetType().Name}, which optimizes automatically: the Trainer steps the optimizers itself. "
                + $"Remove the call, or set {nameof(ILightningModule.AutomaticOptimization)} = false in the constructor.");
        }

        _trainer.ManualOptimization.Step(this, closure);
    }

    internal void StepNow(Func<Tensor?>? closure = null)
    {
        closure ??= Closure;
        _trainer.BeginUpdate();
        if (closure is null) _ = _trainer.Running.Precision.Step(Optimizer);
        else StepWith(closure);
        Autocast.ForgetWeights();
    }

    private void StepWith(Func<Tensor?> closure)
    {
        if (Optimizer is LBFGS native) GuardedClosure.Step(native, _parameters, () => Evaluate(closure));
        else Optimizer.step(() => Evaluate(closure)!)?.Dispose(); // the user's own, which returns a loss
    }

    private Parameter[] Read()
    {
        (Optimizer as FusedOptimizer)?.Follow();
        _groupCount = _groups?.Count ?? 0;
        return [.. Optimizer.parameters()];
    }

    // The optimizer has moved the weights since the evaluation before.
    private static Tensor? Evaluate(Func<Tensor?> closure)
    {
        Autocast.ForgetWeights();
        return closure();
    }
}
