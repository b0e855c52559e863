using LightningSharp.Loops;

namespace LightningSharp;

/// <content>How long the run is, how far it is, and when something that happens every so often is due.</content>
public sealed partial class Trainer
{
    private IntervalClock? _logClock;
    private bool _logDue;

    /// <summary>
    /// Which part of the run is done, from 0 to 1, by the limit that is nearest to being reached (epochs with their batches, steps, <see cref="TrainerOptions.MaxDuration"/>, time);
    /// null when nothing limits it.
    /// </summary>
    public double? FractionDone => Limits.FractionDone(Progress, NumTrainingBatches);

    /// <summary>Whether training has lasted this long. After n epochs the index of the running epoch is n.</summary>
    /// <exception cref="MisconfigurationException">A part of a run without limits, or of an epoch of unknown length.</exception>
    public bool HasReached(Duration duration) => duration.Unit switch
    {
        DurationUnit.Epochs => Progress.Epoch >= duration.Amount,
        DurationUnit.Batches => Progress.BatchesSeen >= duration.Amount,
        DurationUnit.Steps => Progress.GlobalStep >= duration.Amount,
        DurationUnit.Samples => Progress.SamplesSeen >= duration.Amount,
        DurationUnit.Time => Limits.Elapsed.TotalSeconds >= duration.Amount,
        DurationUnit.RunFraction => (FractionDone ?? throw new MisconfigurationException(
            $"{duration} is a part of the run, but nothing limits this run. Set {nameof(TrainerOptions.MaxEpochs)} or another limit, or use another unit.")) >= duration.Amount - 1e-9,
        _ => Progress.BatchesSeen >= Math.Floor(duration.Amount * (NumTrainingBatches ?? throw new MisconfigurationException(
            $"{duration} is a part of an epoch, but the training loader has no known length. Use Duration.Batches(n), or another unit."))),
    };

    /// <summary>
    /// In how many batches of the whole run optimizers will step: batches per epoch and the accumulation in each (a <see cref="Callbacks.GradientAccumulationScheduler"/> is followed),
    /// epochs, and every other limit that is known beforehand. Null when only time, samples or nothing limits the run, or when windows over time make the number of steps unknown.
    /// Usable in <c>ConfigureOptimizers</c>, for schedulers over the whole run.
    /// </summary>
    /// <remarks>With several optimizers that step together each takes so many steps; those that take turns share them. <see cref="MaxSteps"/> counts the steps of all.</remarks>
    public long? EstimatedSteppingBatches
    {
        get
        {
            Fitting?.RequestTrainLoader();
            var optimizers = OptimizerSetup.Alternating ? 1 : Math.Max(1, _optimizers.Length);
            if (Options.TruncatedBpttSteps > 0) return Limits.MaxSteps is { } steps ? (steps + optimizers - 1) / optimizers : null; // a batch takes as many steps as it has windows
            var schedule = Callbacks.OfType<Callbacks.GradientAccumulationScheduler>().FirstOrDefault();
            return new RunLength(Limits, NumTrainingBatches, optimizers, AccumulateGradBatches, schedule).SteppingBatches();
        }
    }

    /// <summary>Whether step values of the current training batch go to the loggers.</summary>
    internal bool IsLogStep => _logClock is not null
        ? _logDue || ShouldStop
        : (Options.LogEveryNSteps ?? Math.Min(50, StepBatchesOfEpoch ?? 50)) is > 0 and var interval && ((Progress.StepBatches + 1) % interval == 0 || ShouldStop || Options.FastDevRun.IsOn);

    // batches after which an optimizer steps: with accumulation fewer than there are batches
    private int? StepBatchesOfEpoch => (NumTrainingBatches + AccumulateGradBatches - 1) / AccumulateGradBatches;

    /// <summary>Training begins, or goes on from a checkpoint.</summary>
    internal void StartLogClock()
    {
        (_logClock, _logDue) = (Options.LogInterval is { } every ? new IntervalClock(this, every) : null, false);
        _logClock?.Start();
    }

    /// <summary>A batch begins: what it logs goes to the loggers if the interval ends with it. Stays due until an optimizer steps.</summary>
    internal void DecideLogStep(int samples)
    {
        if (_logClock is null) return;
        var now = Progress;
        Progress = now.NextBatch(samples).NextStep(Math.Max(1, _optimizers.Length)); // as it will be at the batch's end
        _logDue |= _logClock.IsDue(IsLastBatch);
        _logClock.Advance();
        Progress = now;
    }

    /// <summary>The step values were written.</summary>
    internal void LoggedStep()
    {
        _logDue = false;
        _logClock?.Done();
    }
}
