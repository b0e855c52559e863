using System.Diagnostics;
using LightningSharp.Checkpointing;

namespace LightningSharp.Loops;

/// <summary>
/// Tells after which batches something that happens every so often is due. Counts are crossed, not met: a batch of 64 samples may pass a multiple of 100, and two optimizers one of steps.
/// The answer for a batch stays the same until <see cref="Advance"/>, so that a run that goes on from a checkpoint of that batch comes to it, too.
/// </summary>
internal sealed class IntervalClock(Trainer trainer, Every every)
{
    private double _last;
    private double _asked;
    private long _time;

    /// <summary>How often.</summary>
    public Every Every => every;

    /// <summary>The run begins, or goes on.</summary>
    public void Start() 
    {
        _last = _asked = Position();
        _time = Stopwatch.GetTimestamp();
    }

    /// <summary>Whether it is due after the batch that was just worked off.</summary>
    public bool IsDue(bool lastBatch)
    {
        if (every.Unit == EveryUnit.Epochs) return lastBatch && (trainer.Progress.Epoch + 1) % (long)every.Amount == 0;
        if (every.Unit == EveryUnit.Time) return Stopwatch.GetElapsedTime(_time).TotalSeconds >= every.Amount;
        _asked = Position();
        return _asked > _last && Math.Floor((_asked / every.Amount) + 1e-9) > Math.Floor((_last / every.Amount) + 1e-9);
    }

    /// <summary>The batch is over with all that belongs to it.</summary>
    public void Advance() => _last = _asked;

    /// <summary>It has happened: times count from here.</summary>
    public void Done() => _time = Stopwatch.GetTimestamp();

    public Dictionary<string, object?> StateDict() => new()
    {
        ["seconds"] = _time == 0 ? 0 : Stopwatch.GetElapsedTime(_time).TotalSeconds, ["position"] = _last,
    };

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        _time = Stopwatch.GetTimestamp() - (long)(StateValue.Double(state, "seconds") * Stopwatch.Frequency);
        if (state.ContainsKey("position")) _last = _asked = StateValue.Double(state, "position");
    }

    private double Position() => every.Unit switch
    {
        EveryUnit.Batches => trainer.Progress.BatchesSeen,
        EveryUnit.Steps => trainer.Progress.GlobalStep,
        EveryUnit.Samples => trainer.Progress.SamplesSeen,
        EveryUnit.EpochFraction => trainer.Progress.Epoch + (trainer.NumTrainingBatches is > 0 and var count ? (double)trainer.Progress.BatchInEpoch / count : 0),
        EveryUnit.RunFraction => trainer.FractionDone ?? 0,
        _ => 0,
    };
}
