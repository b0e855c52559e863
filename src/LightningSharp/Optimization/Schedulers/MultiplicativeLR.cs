using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Multiplies the learning rate at each step t by f(t): lr ← lr · f(t), for t = 1, 2, …</summary>
/// <remarks>The functions themselves are not saved, as in PyTorch: build the scheduler with the same ones before loading its state.</remarks>
public sealed class MultiplicativeLR : LearningRateScheduler
{
    private readonly Func<long, double>[] _factors;
    private bool _takingOver;

    /// <summary>Attaches the schedule with one function for all parameter groups.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="factor">The factor of a step (1, 2, …).</param>
    public MultiplicativeLR(torch.optim.Optimizer optimizer, Func<long, double> factor)
        : this(optimizer, [factor])
    {
    }

    /// <summary>Attaches the schedule with a function for each parameter group.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="factors">The factor of a step (1, 2, …), for each parameter group.</param>
    public MultiplicativeLR(torch.optim.Optimizer optimizer, IReadOnlyList<Func<long, double>> factors)
        : base(optimizer)
    {
        _factors = OneForEachGroup(factors, nameof(factors));
        Start();
    }

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current)
        => LastEpoch == 0 && !_takingOver ? current : current * _factors[group](LastEpoch);

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["lr_lambdas"] = new List<object?>(new object?[_factors.Length]);
    }

    // In the middle of a sequence PyTorch multiplies by f(0), which it does not at the very start.
    internal override void TakeOver()
    {
        _takingOver = true;
        base.TakeOver();
        _takingOver = false;
    }
}
