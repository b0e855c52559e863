using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Multiplies the learning rate by a constant factor until <c>totalIters</c> steps are done, then lets go.</summary>
public sealed class ConstantLR : FactorScheduler
{
    private double _factor;
    private int _totalIters;

    /// <summary>Attaches the schedule and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="factor">The factor until then, greater than 0 and at most 1.</param>
    /// <param name="totalIters">The number of steps it lasts.</param>
    public ConstantLR(torch.optim.Optimizer optimizer, double factor = 1.0 / 3, int totalIters = 5)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(factor);
        (_factor, _totalIters) = (factor, totalIters);
        Start();
    }

    /// <inheritdoc/>
    protected override double Factor(long step) => step < _totalIters ? _factor : 1;

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["factor"] = _factor;
        state["total_iters"] = (long)_totalIters;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        _factor = state.Number("factor", _factor);
        _totalIters = state.Count("total_iters", _totalIters);
    }
}
