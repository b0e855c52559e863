using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>A schedule that decides by a logged value, such as the validation loss. The Trainer calls <see cref="Step(double)"/> with the monitored value.</summary>
public abstract class MetricScheduler : LearningRateScheduler
{
    /// <summary>Attaches the schedule.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    protected MetricScheduler(torch.optim.Optimizer optimizer)
        : base(optimizer)
    {
    }

    /// <summary>Advances the schedule by one, given the newest value of the metric.</summary>
    /// <param name="metric">The monitored value.</param>
    public abstract void Step(double metric);

    /// <summary>Not possible without a metric.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public sealed override void Step() => throw new InvalidOperationException(
        $"{GetType().Name} decides by a metric, but was stepped without one. Call Step(value), or name the logged value it shall monitor when it is given to the Trainer.");

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current) => current;
}
