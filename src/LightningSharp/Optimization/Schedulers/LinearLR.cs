using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Moves the factor of the learning rate in a straight line from <c>startFactor</c> to <c>endFactor</c> within <c>totalIters</c> steps: the usual warm-up.</summary>
public sealed class LinearLR : FactorScheduler
{
    private double _startFactor;
    private double _endFactor;
    private int _totalIters;

    /// <summary>Attaches the schedule and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="startFactor">The factor at step 0, greater than 0 and at most 1.</param>
    /// <param name="endFactor">The factor from step <paramref name="totalIters"/> on, from 0 to 1.</param>
    /// <param name="totalIters">The number of steps between them.</param>
    public LinearLR(torch.optim.Optimizer optimizer, double startFactor = 1.0 / 3, double endFactor = 1.0, int totalIters = 5)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startFactor, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(startFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(endFactor, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(endFactor);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalIters);
        (_startFactor, _endFactor, _totalIters) = (startFactor, endFactor, totalIters);
        Start();
    }

    /// <inheritdoc/>
    protected override double Factor(long step)
        => _startFactor + ((_endFactor - _startFactor) * Math.Min(step, _totalIters) / _totalIters);

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["start_factor"] = _startFactor;
        state["end_factor"] = _endFactor;
        state["total_iters"] = (long)_totalIters;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        _startFactor = state.Number("start_factor", _startFactor);
        _endFactor = state.Number("end_factor", _endFactor);
        _totalIters = state.Count("total_iters", _totalIters);
    }
}
