using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Sets the learning rate to the base learning rate times a function of the step: lr₀ · f(t). The way to any schedule of one's own.</summary>
/// <remarks>The functions themselves are not saved, as in PyTorch: build the scheduler with the same ones before loading its state.</remarks>
public sealed class LambdaLR : LearningRateScheduler
{
    private readonly Func<long, double>[] _factors;

    /// <summary>Attaches the schedule with one function for all parameter groups and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="factor">The factor at a step (0, 1, 2, …).</param>
    public LambdaLR(torch.optim.Optimizer optimizer, Func<long, double> factor)
        : this(optimizer, [factor])
    {
    }

    /// <summary>Attaches the schedule with a function for each parameter group and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="factors">The factor at a step (0, 1, 2, …), for each parameter group.</param>
    public LambdaLR(torch.optim.Optimizer optimizer, IReadOnlyList<Func<long, double>> factors)
        : base(optimizer)
    {
        _factors = OneForEachGroup(factors, nameof(factors));
        Start();
    }

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current) => BaseLearningRates[group] * _factors[group](LastEpoch);

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["lr_lambdas"] = new List<object?>(new object?[_factors.Length]);
    }
}
