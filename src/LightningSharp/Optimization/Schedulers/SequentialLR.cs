using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Runs one schedule after another, for instance a warm-up and then a decay; each starts counting at 0 when its turn comes.</summary>
/// <example><code>
/// var warmUp = new LinearLR(optimizer, startFactor: 0.1, totalIters: 500);
/// var decay = new CosineAnnealingLR(optimizer, tMax: 9_500);
/// return (optimizer, new SequentialLR(optimizer, [warmUp, decay], milestones: [500]));
/// </code></example>
public sealed class SequentialLR : CompositeScheduler
{
    private long[] _milestones;

    /// <summary>Attaches the sequence and sets the first learning rate; the effect of constructing the parts is undone.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="schedulers">The schedules in order.</param>
    /// <param name="milestones">The steps at which the second, third, … schedule takes over, rising; one fewer than schedules.</param>
    public SequentialLR(torch.optim.Optimizer optimizer, IReadOnlyList<LearningRateScheduler> schedulers, IReadOnlyList<int> milestones)
        : base(optimizer, schedulers)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        _milestones = [.. milestones.Select(step => (long)step)];
        if (_milestones.Length != Schedulers.Count - 1 || !_milestones.SequenceEqual(_milestones.Order()))
        {
            throw new ArgumentException(
                $"SequentialLR needs one milestone fewer than schedulers, in rising order. Received: {Schedulers.Count} schedulers and the milestones [{string.Join(", ", milestones)}].", nameof(milestones));
        }

        if (Schedulers.Any(scheduler => scheduler is TorchSharpScheduler))
        {
            throw new ArgumentException(
                "SequentialLR has to take back and restart its parts, which TorchSharp's schedulers cannot do. Use the schedulers of LightningSharp.Optimization for the parts.", nameof(schedulers));
        }

        Start();
        ResetToBase();
        Undo();
        Restart();
    }

    /// <inheritdoc/>
    public override void Step()
    {
        FollowGroups();
        LastEpoch++;
        var turn = 0;
        while (turn < _milestones.Length && _milestones[turn] <= LastEpoch)
        {
            turn++;
        }

        if (turn > 0 && _milestones[turn - 1] == LastEpoch)
        {
            Schedulers[turn].TakeOver();
        }
        else
        {
            Schedulers[turn].Step();
        }

        RememberLearningRates();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["_milestones"] = new List<object?>(_milestones.Select(step => (object?)step)),
        ["last_epoch"] = LastEpoch,
        ["_last_lr"] = Boxed(LastLearningRates),
        ["_schedulers"] = PartStates(),
    };

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        var saved = state.Numbers("_milestones");
        _milestones = saved?.Length == _milestones.Length ? [.. saved.Select(step => (long)step)] : _milestones;
    }

    internal override void Restart()
    {
        LastEpoch = 0;
        Schedulers[0].Restart();
        RememberLearningRates();
    }

    internal override void TakeOver()
    {
        LastEpoch = 0;
        Schedulers[0].TakeOver();
        RememberLearningRates();
    }
}
