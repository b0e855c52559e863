using TorchSharp;

namespace LightningSharp.Data;

/// <summary>
/// Where a loader is: (seed, epoch, batches delivered). Three ways to go on agree: with <see cref="SetEpoch"/> of the saved epoch the rest of it follows,
/// with another epoch that one starts at its beginning, and without a call the rest follows, or the next epoch if nothing is left.
/// </summary>
internal sealed class LoaderPosition(long? seed)
{
    private long? _seed = seed;
    private int _epoch;
    private int _delivered;
    private int? _next = 0;
    private bool _resumed;
    private object? _enumeration;

    public long Seed => _seed ??= torch.initial_seed();

    /// <summary>The epoch of the latest enumeration, or of the next one if it was set.</summary>
    public int Epoch => _next ?? _epoch;

    public void SetEpoch(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        if (_resumed && epoch == _epoch)
        {
            _next = epoch;
            return;
        }

        (_next, _resumed, _delivered, _epoch) = (epoch, false, 0, epoch);
    }

    /// <summary>The next enumeration is the rest of an epoch.</summary>
    public void StartAt(int epoch, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        (_epoch, _next, _delivered, _resumed, _enumeration) = (epoch, epoch, batch, true, null);
    }

    /// <summary>Starts an enumeration and says with which batch of which epoch.</summary>
    /// <param name="batchCount">Batches per epoch, if known.</param>
    /// <param name="delivered">To be called with the number of batches delivered; has no effect once a later enumeration has begun.</param>
    public (int Epoch, int Start) Begin(int? batchCount, out Action<int> delivered)
    {
        bool asked = _next is not null;
        int start = _resumed ? _delivered : 0, epoch = _next ?? (_resumed ? _epoch : _epoch + 1);
        if (_resumed && !asked && start > 0 && start >= batchCount)
            (start, epoch) = (0, _epoch + 1);
        (_resumed, _next, _epoch, _delivered) = (false, null, epoch, start);
        object enumeration = _enumeration = new object();
        delivered = count =>
        {
            if (ReferenceEquals(_enumeration, enumeration) && !_resumed && _next is null)
                _delivered = count;
        };
        return (epoch, start);
    }

    public Dictionary<string, object?> StateDict(int batchSize, int? items) => new()
    {
        ["seed"] = Seed,
        ["epoch"] = (long)_epoch,
        ["position"] = (long)_delivered,
        ["batch_size"] = (long)batchSize,
        ["items"] = items is { } count ? (long)count : null,
    };

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state, int batchSize, int? items)
    {
        Check(state, "batch_size", batchSize, "batch size");
        if (items is { } count)
            Check(state, "items", count, "number of items");
        _seed = Number(state, "seed") ?? _seed;
        _epoch = Place(state, "epoch");
        _delivered = Place(state, "position");
        (_resumed, _next, _enumeration) = (true, null, null);
    }

    private static void Check(IReadOnlyDictionary<string, object?> state, string key, int here, string what)
    {
        if (Number(state, key) is { } saved && saved != here)
            throw new DataException($"The saved position belongs to a loader whose {what} is {saved}; here it is {here}. Expected the same data and batch size; resume with those, or start the epoch anew.");
    }

    private static int Place(IReadOnlyDictionary<string, object?> state, string key) => Number(state, key) switch
    {
        null => 0,
        >= 0 and <= int.MaxValue and var number => (int)number,
        var other => throw new DataException($"The saved state of a data loader has '{key}' = {other}. Expected 0 to {int.MaxValue}; the checkpoint may be damaged."),
    };

    private static long? Number(IReadOnlyDictionary<string, object?> state, string key) => state.GetValueOrDefault(key) switch
    {
        null => null,
        long number => number,
        int number => number,
        var other => throw new DataException($"The saved state of a data loader has '{key}' = {other}. Expected a whole number."),
    };
}
