using System.Collections;
using System.Runtime.ExceptionServices;
using LightningSharp.Data.Combining;

namespace LightningSharp.Data;

/// <summary>
/// Several loaders read together, made by <see cref="CombinedLoader"/>. Only one enumeration at a time: a new one ends the one before. Its position can be saved like that of a single loader.
/// </summary>
/// <typeparam name="TBatch">The combined batch.</typeparam>
public sealed class CombinedLoader<TBatch> : IEnumerable<TBatch>, ILoader, IStateful, IShuffled, IInterruptible
{
    private readonly Part[] _parts;
    private readonly Func<TBatch> _assemble;
    private readonly IReadOnlyList<int>? _limits;
    private int _epoch;
    private int _delivered;
    private int _turn;
    private bool _resumed;
    private object? _enumeration;

    internal CombinedLoader(Part[] parts, Func<TBatch> assemble, CombinedMode mode, IReadOnlyList<int>? limits)
    {
        if (parts.Length == 0)
            throw new ArgumentException("A combined loader needs at least one loader.", nameof(parts));
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"Expected one of {string.Join(", ", Enum.GetNames<CombinedMode>())}.");
        if (limits is not null && limits.Count != parts.Length)
            throw new ArgumentException($"There are {limits.Count} limits for {parts.Length} loaders. Expected one limit per loader.", nameof(limits));
        foreach (int limit in limits ?? [])
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(limits));
        (_parts, _assemble, Mode, _limits) = (parts, assemble, mode, limits);
    }

    /// <summary>How the loaders are read together.</summary>
    public CombinedMode Mode { get; }

    /// <inheritdoc/>
    public int? BatchCount
    {
        get
        {
            var counts = _parts.Select((part, i) => _limits is null ? part.Count : part.Count is { } count ? Math.Min(count, _limits[i]) : null).ToArray();
            if (counts.Contains(null))
                return null;
            return Mode switch
            {
                CombinedMode.MinSize => counts.Min(),
                CombinedMode.Sequential => counts.Sum(),
                _ => counts.Max(),
            };
        }
    }

    bool IShuffled.Shuffle => Array.Exists(_parts, part => part.Shuffled?.Shuffle == true);

    void IShuffled.UseSequentialOrder()
    {
        foreach (var part in _parts) part.Shuffled?.UseSequentialOrder();
    }

    /// <inheritdoc/>
    public void SetEpoch(int epoch)
    {
        if (_resumed && epoch == _epoch)
            return;   // the loaders stand in the middle of this epoch
        (_resumed, _epoch, _delivered, _turn) = (false, epoch, 0, 0);
        foreach (var part in _parts)
            part.SetEpoch(epoch);
    }

    void IInterruptible.Interrupt()
    {
        foreach (var part in _parts) part.Interrupt();
    }

    /// <inheritdoc/>
    public IEnumerator<TBatch> GetEnumerator()
    {
        foreach (var (batch, _, _) in Indexed())
            yield return batch;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The batches with their number and the number of their loader; the latter is 0 except in sequential mode, where numbering starts again with each loader.</summary>
    public IEnumerable<(TBatch Batch, int BatchIndex, int LoaderIndex)> Indexed()
    {
        object enumeration = Begin();
        try
        {
            if (Mode == CombinedMode.Sequential)
            {
                foreach (var step in OneAfterAnother())
                {
                    yield return step;
                    RequireLatest(enumeration);
                }
            }
            else
            {
                int? length = _limits is null ? null : BatchCount;
                foreach (var part in _parts)
                    part.Start();
                while (!(_delivered >= length) && InStep())
                {
                    yield return (_assemble(), _delivered++, 0);
                    RequireLatest(enumeration);
                }
            }
        }
        finally
        {
            if (ReferenceEquals(_enumeration, enumeration))
                StopAll();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["epoch"] = (long)_epoch,
        ["position"] = (long)_delivered,
        ["turn"] = (long)_turn,
        ["parts"] = _parts.Select(object? (part) => part.Save()).ToArray(),
    };

    /// <inheritdoc/>
    /// <exception cref="DataException">The state is of another number of loaders.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var parts = state.GetValueOrDefault("parts") as IReadOnlyList<object?> ?? [];
        if (parts.Count != _parts.Length)
            throw new DataException($"The saved position is of {parts.Count} loaders, but {_parts.Length} are combined here. Expected the same loaders in the same order.");
        for (int i = 0; i < parts.Count; i++)
            _parts[i].Restore(parts[i] as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>());
        (_epoch, _delivered, _turn, _resumed) = (Number(state, "epoch"), Number(state, "position"), Number(state, "turn"), true);
    }

    private static int Number(IReadOnlyDictionary<string, object?> state, string key) => state.GetValueOrDefault(key) switch
    {
        long number => (int)number,
        int number => number,
        _ => 0,
    };

    private object Begin()
    {
        if (!_resumed)
        {
            (_delivered, _turn) = (0, 0);
            foreach (var part in _parts)
                part.Ended = false;
        }

        _resumed = false;
        return _enumeration = new object();
    }

    private void RequireLatest(object enumeration)
    {
        if (!ReferenceEquals(_enumeration, enumeration))
            throw new InvalidOperationException("Another enumeration of this combined loader has begun, so this one cannot go on. Expected one at a time: combine the loaders twice to read them twice at once.");
    }

    // The workers of all of them must end, also when closing one of them fails.
    private void StopAll()
    {
        Exception? first = null;
        foreach (var part in _parts)
        {
            try
            {
                part.Stop();
            }
            catch (Exception failure)
            {
                first ??= failure;
            }
        }

        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }

    private IEnumerable<(TBatch Batch, int BatchIndex, int LoaderIndex)> OneAfterAnother()
    {
        for (; _turn < _parts.Length; _turn++)
        {
            var part = _parts[_turn];
            part.Start();
            while (!(part.Taken >= _limits?[_turn]) && part.MoveNext())
            {
                _delivered++;
                yield return (_assemble(), part.Taken - 1, _turn);
            }

            part.Stop();
        }
    }

    /// <summary>Moves all loaders on by one batch; false at the end.</summary>
    private bool InStep()
    {
        bool any = false;
        foreach (var part in _parts)
        {
            if (part.Ended && Mode == CombinedMode.MaxSize)
            {
                part.Clear();
                continue;
            }

            bool moved = part.MoveNext();
            if (!moved && Mode == CombinedMode.MinSize)
                return false;
            part.Ended |= !moved;
            any |= moved;
        }

        return Mode == CombinedMode.MaxSizeCycle ? Cycle() : any;
    }

    /// <summary>Starts the loaders again that have nothing for this step, unless all have ended.</summary>
    private bool Cycle()
    {
        if (Array.TrueForAll(_parts, part => part.Ended))
            return false;
        for (int i = 0; i < _parts.Length; i++)
        {
            if (_parts[i].HasCurrent)
                continue;
            _parts[i].Start();
            if (!_parts[i].MoveNext())
                throw new DataException($"Loader {i} of the combined loader gave no batch when it was started again. Expected one that is not empty and can be enumerated more than once.");
        }

        return true;
    }
}
