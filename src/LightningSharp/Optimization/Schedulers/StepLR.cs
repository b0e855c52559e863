using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Multiplies the learning rate by <c>gamma</c> every <c>stepSize</c> steps: lr₀ · gamma^⌊t / stepSize⌋.</summary>
public sealed class StepLR : FactorScheduler
{
    private int _stepSize;
    private double _gamma;

    /// <summary>Attaches the schedule and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="stepSize">Steps between two decays, 1 or greater.</param>
    /// <param name="gamma">The factor of one decay.</param>
    public StepLR(torch.optim.Optimizer optimizer, int stepSize, double gamma = 0.1)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSize);
        (_stepSize, _gamma) = (stepSize, gamma);
        Start();
    }

    /// <inheritdoc/>
    protected override double Factor(long step) => Math.Pow(_gamma, step / _stepSize);

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["step_size"] = (long)_stepSize;
        state["gamma"] = _gamma;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        _stepSize = state.Count("step_size", _stepSize);
        _gamma = state.Number("gamma", _gamma);
    }
}
