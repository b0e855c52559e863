using TorchSharp;
using static TorchSharp.torch.optim;

namespace LightningSharp.Optimization;

/// <summary>
/// Makes one of TorchSharp's own schedulers resumable: it has no state to save, so its steps are counted, and replayed on loading. The schedulers of this
/// library need no such detour; use this for a scheduler that exists only in TorchSharp's form.
/// </summary>
public sealed class TorchSharpScheduler : LearningRateScheduler
{
    private readonly lr_scheduler.LRScheduler _inner;
    private readonly double[] _firstLearningRates;

    /// <summary>Wraps a freshly built scheduler.</summary>
    /// <param name="inner">The scheduler, not stepped yet.</param>
    /// <param name="optimizer">The optimizer that it was built for.</param>
    /// <exception cref="MisconfigurationException">It is the plateau scheduler, whose counters can be neither read nor replayed.</exception>
    public TorchSharpScheduler(lr_scheduler.LRScheduler inner, torch.optim.Optimizer optimizer)
        : base(optimizer)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (inner is lr_scheduler.impl.ReduceLROnPlateau)
        {
            throw new MisconfigurationException(
                "TorchSharp's ReduceLROnPlateau keeps counters that cannot be saved. Use LightningSharp.Optimization.ReduceLROnPlateau, which takes the same settings.");
        }

        _inner = inner;
        _firstLearningRates = [.. Groups.Select(group => group.LearningRate)];
        Start();
    }

    private protected override bool MarksGroups => false;

    /// <inheritdoc/>
    public override void Step()
    {
        _inner.step();
        LastEpoch++;
        StepCount++;
        RememberLearningRates();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">This scheduler is further on than the saved one; a new one has to be built.</exception>
    public override void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var target = state.Whole("last_epoch", LastEpoch);
        if (LastEpoch > target)
        {
            throw new InvalidOperationException(
                $"A state of {target} steps cannot be loaded into a {_inner.GetType().Name} that has done {LastEpoch}: TorchSharp's schedulers only go forward. Build the optimizer and the scheduler anew.");
        }

        // Many of them compute the next learning rate from the current one, which may have been restored with the optimizer by now.
        var current = Groups.Select(group => group.LearningRate).ToArray();
        var restart = LastEpoch == 0 ? _firstLearningRates : [.. LastLearningRates];
        Write(restart);
        while (LastEpoch < target)
        {
            Step();
        }

        Write(current);
        base.LoadStateDict(state);
    }

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current) => current;

    private void Write(double[] learningRates)
    {
        for (var group = 0; group < Math.Min(learningRates.Length, Groups.Count); group++)
        {
            Groups[group].LearningRate = learningRates[group];
        }
    }
}
