namespace LightningSharp.Data.Combining;

internal sealed class Part<T>(IEnumerable<T> loader) : Part
{
    private IEnumerator<T>? _batches;
    private int _skip;
    private bool _restored;

    public T? Current { get; private set; }

    public override int? Count => LoaderLength.Of(loader);

    public override IShuffled? Shuffled => loader as IShuffled;

    // From its beginning, even where a restored position of the same epoch (one that a cycle had reached) is still waiting.
    public override void SetEpoch(int epoch)
    {
        (_restored, _skip) = (false, 0);
        if (loader is IPositioned positioned) positioned.StartAt(epoch, 0);
        else (loader as ILoader)?.SetEpoch(epoch);
    }

    public override void Start()
    {
        Stop();
        _batches = loader.GetEnumerator();
        if (!_restored)
            Taken = 0;
        _restored = false;
        for (; _skip > 0; _skip--)
            _ = _batches.MoveNext();   // a loader without a state: what was given before is read again and dropped
    }

    public override bool MoveNext()
    {
        HasCurrent = _batches is not null && _batches.MoveNext();
        Current = HasCurrent ? _batches!.Current : default;   // not null where HasCurrent is true
        Taken += HasCurrent ? 1 : 0;
        return HasCurrent;
    }

    public override void Clear() => (HasCurrent, Current) = (false, default);

    public override void Stop()
    {
        var batches = _batches;
        _batches = null;
        Clear();
        batches?.Dispose();
    }

    public override void Interrupt() => (_batches as IInterruptible)?.Interrupt();

    public override Dictionary<string, object?> Save() => new()
    {
        ["taken"] = (long)Taken,
        ["ended"] = Ended,
        ["loader"] = (loader as IStateful)?.StateDict(),
    };

    public override void Restore(IReadOnlyDictionary<string, object?> state)
    {
        Taken = state.GetValueOrDefault("taken") is long taken ? (int)taken : 0;
        Ended = state.GetValueOrDefault("ended") is true;
        _restored = true;
        _skip = 0;
        if (loader is not IStateful stateful || state.GetValueOrDefault("loader") is not IReadOnlyDictionary<string, object?> inner)
        {
            _skip = Taken;
            return;
        }

        stateful.LoadStateDict(inner);
        if (inner.GetValueOrDefault("epoch") is long epoch)
            (loader as ILoader)?.SetEpoch((int)epoch);   // one that had given everything is to give nothing more, rather than its next epoch
    }
}
