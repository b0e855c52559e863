using LightningSharp.Optimization;

namespace LightningSharp;

/// <summary>A learning-rate scheduler and when it steps. A scheduler converts to it with the defaults.</summary>
/// <param name="scheduler">The scheduler, over an optimizer of the same <see cref="OptimizerSetup"/>.</param>
/// <example><code>new SchedulerSetup(new OneCycleLR(adam, 1e-2)) { Interval = SchedulerInterval.Step }</code></example>
public sealed class SchedulerSetup(LearningRateScheduler scheduler)
{
    /// <summary>The scheduler.</summary>
    public LearningRateScheduler Scheduler { get; } = scheduler ?? throw new ArgumentNullException(nameof(scheduler));

    /// <summary>Whether it steps after epochs or after optimizer steps.</summary>
    /// <value>Default: <see cref="SchedulerInterval.Epoch"/>.</value>
    public SchedulerInterval Interval { get; init; } = SchedulerInterval.Epoch;

    /// <summary>It steps at every n-th epoch, or every n-th step of its optimizer.</summary>
    /// <value>Default: 1.</value>
    public int Frequency { get; init; } = 1;

    /// <summary>The logged value that a <see cref="MetricScheduler"/> reads.</summary>
    public string? Monitor { get; init; }

    /// <summary>Whether a missing monitored value is an error; otherwise the step is left out with a warning.</summary>
    /// <value>Default: true.</value>
    public bool Strict { get; init; } = true;

    /// <summary>The name under which the learning rate is logged.</summary>
    public string? Name { get; init; }

    internal bool NeedsMetric => Scheduler is MetricScheduler;

    /// <summary>A scheduler that steps once per epoch; a warm-up schedule, which is meant for steps, after every step.</summary>
    public static implicit operator SchedulerSetup(LearningRateScheduler scheduler)
        => new(scheduler) { Interval = scheduler is WarmupSchedule ? SchedulerInterval.Step : SchedulerInterval.Epoch };

    /// <summary>Steps the scheduler.</summary>
    /// <param name="metric">The monitored value, for schedulers that read one.</param>
    public void Step(double? metric = null)
    {
        if (Scheduler is MetricScheduler monitored && metric is { } value) monitored.Step(value);
        else Scheduler.Step();
    }
}
