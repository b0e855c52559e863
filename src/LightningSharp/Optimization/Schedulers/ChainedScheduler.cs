namespace LightningSharp.Optimization;

/// <summary>Steps several schedules together; each multiplies what the one before it left. For schedules that multiply (step, exponential, linear, constant, polynomial, cosine).</summary>
public sealed class ChainedScheduler : CompositeScheduler
{
    /// <summary>Attaches the chain; the learning rates are those that constructing the parts has set.</summary>
    /// <param name="schedulers">The schedules, all of one optimizer.</param>
    public ChainedScheduler(IReadOnlyList<LearningRateScheduler> schedulers)
        : base(FirstOf(schedulers).Optimizer, schedulers)
    {
        Start();
    }

    /// <inheritdoc/>
    public override void Step()
    {
        FollowGroups();
        LastEpoch++;
        StepCount++;
        foreach (var scheduler in Schedulers)
        {
            scheduler.Step();
        }

        RememberLearningRates();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["_last_lr"] = Boxed(LastLearningRates),
        ["_schedulers"] = PartStates(),
    };

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        base.LoadStateDict(state);
        (LastEpoch, StepCount) = (Schedulers[0].LastEpoch, Schedulers[0].StepCount);
    }

    internal override void Restart()
    {
        LastEpoch = 0;
        foreach (var scheduler in Schedulers)
        {
            scheduler.Restart();
        }

        RememberLearningRates();
    }

    internal override void TakeOver()
    {
        LastEpoch = 0;
        foreach (var scheduler in Schedulers)
        {
            scheduler.TakeOver();
        }

        RememberLearningRates();
    }

    private static LearningRateScheduler FirstOf(IReadOnlyList<LearningRateScheduler> schedulers)
    {
        ArgumentNullException.ThrowIfNull(schedulers);
        return schedulers.Count > 0 && schedulers[0] is { } first
            ? first
            : throw new ArgumentException("ChainedScheduler needs at least one scheduler. Received: none.", nameof(schedulers));
    }
}
