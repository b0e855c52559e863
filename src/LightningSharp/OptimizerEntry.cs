using LightningSharp.Optimization;
using TorchSharp;

namespace LightningSharp;

/// <summary>An optimizer with its schedulers, as an element of an <see cref="OptimizerSetup"/>.</summary>
/// <param name="optimizer">The optimizer.</param>
/// <param name="schedulers">Its schedulers, if any.</param>
public sealed class OptimizerEntry(torch.optim.Optimizer optimizer, params SchedulerSetup[] schedulers)
{
    /// <summary>The optimizer.</summary>
    public torch.optim.Optimizer Optimizer { get; } = optimizer ?? throw new ArgumentNullException(nameof(optimizer));

    /// <summary>Its schedulers.</summary>
    public IReadOnlyList<SchedulerSetup> Schedulers { get; internal set; } = schedulers;

    /// <summary>With several optimizers in automatic mode that alternate: for how many batches in a row this one is trained.</summary>
    /// <value>Default: 1.</value>
    public int Frequency { get; init; } = 1;

    /// <summary>An optimizer alone.</summary>
    public static implicit operator OptimizerEntry(torch.optim.Optimizer optimizer) => new(optimizer);

    /// <summary>An optimizer and a scheduler that steps once per epoch.</summary>
    public static implicit operator OptimizerEntry((torch.optim.Optimizer Optimizer, LearningRateScheduler Scheduler) pair) => new(pair.Optimizer, pair.Scheduler);

    /// <summary>An optimizer and a scheduler.</summary>
    public static implicit operator OptimizerEntry((torch.optim.Optimizer Optimizer, SchedulerSetup Scheduler) pair) => new(pair.Optimizer, pair.Scheduler);
}
