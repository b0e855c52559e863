namespace LightningSharp.Loops;

/// <summary>Decides after which batches of training a validation run is due.</summary>
internal sealed class ValidationClock(Trainer trainer)
{
    private Every _every;
    private int? _batches;
    private int? _perEpoch;
    private readonly IntervalClock _interval = new(trainer, trainer.Options.ValCheckInterval);

    public void Start(int? trainBatches, bool enabled)
    {
        (_every, _perEpoch) = (trainer.Options.ValCheckInterval, trainBatches);
        _interval.Start();
        if (enabled) _batches = Resolve();
    }

    public bool IsValidatingEpoch()
    {
        var every = _every.Unit == EveryUnit.Epochs ? (int)_every.Amount : trainer.Options.CheckValEveryNEpoch;
        return every is not { } n || (trainer.Progress.Epoch + 1) % n == 0;
    }

    /// <summary>Whether a run is due after this batch.</summary>
    public bool IsDue(bool lastBatch) => _every.Unit switch
    {
        EveryUnit.Time or EveryUnit.Steps or EveryUnit.Samples or EveryUnit.RunFraction => _interval.IsDue(lastBatch),
        EveryUnit.Epochs => lastBatch,
        _ when _batches is { } batches => Done() % batches == 0,
        _ => lastBatch,
    };

    /// <summary>A batch is over.</summary>
    public void Advance() => _interval.Advance();

    public void Validated() => _interval.Done();

    public Dictionary<string, object?> StateDict() => _interval.StateDict();

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => _interval.LoadStateDict(state);

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
        if (_every.Amount == 1) return null; // also of a stream that ends before its limit
        if (_perEpoch is { } perEpoch) return Math.Max(1, (int)(perEpoch * _every.Amount));
        throw new MisconfigurationException(
            $"{nameof(TrainerOptions.ValCheckInterval)} = {_every} needs a training loader whose length is known. Use Every.Batches(n) or Every.Time(...).");
    }
}
