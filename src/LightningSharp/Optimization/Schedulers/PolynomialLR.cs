using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Lets the learning rate fall to 0 within <c>totalIters</c> steps: lr₀ · (1 − t / totalIters)^power.</summary>
public sealed class PolynomialLR : FactorScheduler
{
    private int _totalIters;
    private double _power;

    /// <summary>Attaches the schedule and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="totalIters">The step at which 0 is reached, 1 or greater.</param>
    /// <param name="power">The power of the polynomial; 1 is a straight line.</param>
    public PolynomialLR(torch.optim.Optimizer optimizer, int totalIters = 5, double power = 1)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalIters);
        (_totalIters, _power) = (totalIters, power);
        Start();
    }

    /// <inheritdoc/>
    protected override double Factor(long step) => Math.Pow(1 - ((double)Math.Min(step, _totalIters) / _totalIters), _power);

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["total_iters"] = (long)_totalIters;
        state["power"] = _power;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        _totalIters = state.Count("total_iters", _totalIters);
        _power = state.Number("power", _power);
    }
}
