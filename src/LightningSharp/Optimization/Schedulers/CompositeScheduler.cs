using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>A schedule made of others that drive the same optimizer; their states are saved inside its own.</summary>
public abstract class CompositeScheduler : LearningRateScheduler
{
    private protected CompositeScheduler(torch.optim.Optimizer optimizer, IReadOnlyList<LearningRateScheduler> schedulers)
        : base(optimizer)
    {
        ArgumentNullException.ThrowIfNull(schedulers);
        if (schedulers.Count == 0)
        {
            throw new ArgumentException($"{GetType().Name} needs at least one scheduler. Received: none.", nameof(schedulers));
        }

        foreach (var scheduler in schedulers)
        {
            ArgumentNullException.ThrowIfNull(scheduler, nameof(schedulers));
            if (scheduler is MetricScheduler || scheduler.Optimizer != optimizer)
            {
                throw new ArgumentException(
                    scheduler is MetricScheduler
                        ? $"{GetType().Name} steps its parts without a metric, but {scheduler.GetType().Name} needs one. Give the Trainer both schedulers side by side instead."
                        : $"{GetType().Name} and its parts have to drive one optimizer, but its {scheduler.GetType().Name} was built for another. Build all of them with the same optimizer.",
                    nameof(schedulers));
            }
        }

        Schedulers = [.. schedulers];
    }

    /// <summary>The parts, in the order given.</summary>
    public IReadOnlyList<LearningRateScheduler> Schedulers { get; }

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var parts = state.TryGetValue("_schedulers", out var saved) && saved is not null ? StateValues.Items(saved, "_schedulers") : [];
        if (parts.Count != Schedulers.Count)
        {
            throw new CheckpointException(
                $"The saved state of {GetType().Name} holds {parts.Count} schedulers, but this one has {Schedulers.Count}. Build it from the same schedulers as when the checkpoint was written.");
        }

        base.LoadStateDict(state);
        for (var i = 0; i < parts.Count; i++)
        {
            Schedulers[i].LoadStateDict(parts[i] as IReadOnlyDictionary<string, object?> ?? throw new CheckpointException(
                $"The saved state of {GetType().Name} holds no dictionary for its scheduler {i}. The checkpoint was written by something else, or is damaged."));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> GroupEntries(int group)
    {
        var entries = new Dictionary<string, object?>();
        foreach (var scheduler in Schedulers)
        {
            foreach (var (key, value) in scheduler.GroupEntries(group))
            {
                entries[key] = value;
            }
        }

        return entries;
    }

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current) => current;

    internal override void Undo()
    {
        foreach (var scheduler in Schedulers)
        {
            scheduler.Undo();
        }
    }

    private protected List<object?> PartStates() => [.. Schedulers.Select(scheduler => (object?)scheduler.StateDict())];
}
