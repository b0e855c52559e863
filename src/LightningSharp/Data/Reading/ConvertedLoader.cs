using System.Collections;

namespace LightningSharp.Data.Reading;

/// <summary>A loader whose batches are those of another one, changed. Order, position and indices are the other one's.</summary>
internal sealed class ConvertedLoader<TRow, TBatch>(IEnumerable<TRow> loader, Func<int?> count, Func<TRow, TBatch> convert)
    : IEnumerable<TBatch>, ILoader, IStateful, IShuffled, IShardable, IIndexed, IConvertedLoader
{
    public object Source => loader;

    public int? BatchCount => count();

    public bool Shuffle => loader is IShuffled { Shuffle: true };

    public void SetEpoch(int epoch) => (loader as ILoader)?.SetEpoch(epoch);

    public void UseSequentialOrder() => (loader as IShuffled)?.UseSequentialOrder();

    public bool TryShard(int rank, int worldSize, bool pad) => loader is IShardable shardable && shardable.TryShard(rank, worldSize, pad);

    public int[]? IndicesOf(int batch) => (loader as IIndexed)?.IndicesOf(batch);

    public IEnumerator<TBatch> GetEnumerator() => new Enumerator(loader, convert);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public IReadOnlyDictionary<string, object?> StateDict() => (loader as IStateful)?.StateDict() ?? new Dictionary<string, object?>();

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => (loader as IStateful)?.LoadStateDict(state);

    private sealed class Enumerator(IEnumerable<TRow> loader, Func<TRow, TBatch> convert) : IEnumerator<TBatch>, IInterruptible
    {
        private readonly IEnumerator<TRow> _rows = loader.GetEnumerator();
        private TBatch? _current;

        public TBatch Current => _current!;   // only meaningful after MoveNext returned true

        object? IEnumerator.Current => _current;

        public bool MoveNext()
        {
            if (!_rows.MoveNext())
                return false;
            _current = convert(_rows.Current);
            return true;
        }

        public void Interrupt() => (_rows as IInterruptible ?? loader as IInterruptible)?.Interrupt();

        public void Reset() => throw new NotSupportedException("Enumerate the loader again instead.");

        public void Dispose()
        {
            _current = default;
            _rows.Dispose();
        }
    }
}
