using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Multiplies the learning rate by <c>gamma</c> at every step: lr₀ · gamma^t.</summary>
public sealed class ExponentialLR : FactorScheduler
{
    private double _gamma;

    /// <summary>Attaches the schedule and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="gamma">The factor of one step.</param>
    public ExponentialLR(torch.optim.Optimizer optimizer, double gamma)
        : base(optimizer)
    {
        _gamma = gamma;
        Start();
    }

    /// <inheritdoc/>
    protected override double Factor(long step) => Math.Pow(_gamma, step);

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["gamma"] = _gamma;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state) => _gamma = state.Number("gamma", _gamma);
}
