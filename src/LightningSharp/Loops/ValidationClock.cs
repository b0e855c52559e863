using System.Diagnostics;
using LightningSharp.Checkpointing;

namespace LightningSharp.Loops;

/// <summary>Decides after which batches of training a validation run is due.</summary>
internal sealed class ValidationClock(Trainer trainer)
{
    private Every _every;
    private int? _batches;
    private int? _perEpoch;
    private long _lastTime;
    private long _samplesAtLast;

    public void Start(int? trainBatches, bool enabled)
    {
        (_every, _perEpoch, _lastTime) = (trainer.Options.ValCheckInterval, trainBatches, Stopwatch.GetTimestamp());
        _samplesAtLast = trainer.Progress.SamplesSeen;
        if (enabled) _batches = Resolve();
    }

    public bool IsValidatingEpoch()
    {
        var every = _every.Unit == EveryUnit.Epochs ? (int)_every.Amount : trainer.Options.CheckValEveryNEpoch;
        return every is not { } n || (trainer.Progress.Epoch + 1) % n == 0;
    }

    public bool IsDue(bool lastBatch, bool stepped) => _every.Unit switch
    {
        EveryUnit.Time => Stopwatch.GetElapsedTime(_lastTime).TotalSeconds >= _every.Amount,
        EveryUnit.Steps => stepped && trainer.Progress.GlobalStep % (long)_every.Amount == 0,
        EveryUnit.Samples => trainer.Progress.SamplesSeen - _samplesAtLast >= _every.Amount,
        EveryUnit.Epochs => lastBatch,
        _ when _batches is { } batches => Done() % batches == 0,
        _ => lastBatch,
    };

    public void Validated() => (_lastTime, _samplesAtLast) = (Stopwatch.GetTimestamp(), trainer.Progress.SamplesSeen);

    public Dictionary<string, object?> StateDict() => new()
    {
        ["seconds"] = Stopwatch.GetElapsedTime(_lastTime).TotalSeconds,
        ["samples_at_last"] = _samplesAtLast,
    };

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        _lastTime = Stopwatch.GetTimestamp() - (long)(StateValue.Double(state, "seconds") * Stopwatch.Frequency);
        _samplesAtLast = StateValue.Long(state, "samples_at_last", _samplesAtLast);
    }

    private long Done() => trainer.Options.CheckValEveryNEpoch is null ? trainer.Progress.BatchesSeen : trainer.Progress.BatchInEpoch;

    // null: at the last batch of the epoch, wherever that is.
    private int? Resolve()
    {
        if (_every.Unit == EveryUnit.EpochFraction) return FractionOfEpoch();
        if (_every.Unit != EveryUnit.Batches) return null;
        var batches = (int)_every.Amount;
        if (_perEpoch is { } perEpoch && batches > perEpoch && trainer.Options.CheckValEveryNEpoch is not null)
        {
            throw new MisconfigurationException(
                $"{nameof(TrainerOptions.ValCheckInterval)} = {batches} batches, but an epoch has only {perEpoch}: validation would never run. Use at most {perEpoch}, "
                + $"or {nameof(TrainerOptions.CheckValEveryNEpoch)} = null to count batches across epochs.");
        }

        return batches;
    }

    private int? FractionOfEpoch()
    {
        if (_perEpoch is { } perEpoch) return Math.Max(1, (int)(perEpoch * _every.Amount));
        if (_every.Amount == 1) return null;
        throw new MisconfigurationException(
            $"{nameof(TrainerOptions.ValCheckInterval)} = {_every} needs a training loader whose length is known. Use Every.Batches(n) or Every.Time(...).");
    }
}
