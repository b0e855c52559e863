using System.Collections;
using LightningSharp.Data.Reading;
using LightningSharp.Data.Sampling;
using TorchSharp;

namespace LightningSharp.Data;

/// <summary>
/// Turns a data set into batches: in a seeded order, ahead of the loop if wanted, and the same bits whatever the number of workers. Each enumeration is one epoch;
/// a plain <c>foreach</c> moves on to the next epoch each time. Its position is part of a checkpoint: a run goes on in the middle of an epoch with the batches that were left.
/// </summary>
/// <typeparam name="TBatch">What one batch is: a tensor, a tuple or record of tensors, or what the data set's own collate function makes.</typeparam>
/// <remarks>Tensors are made on the thread that enumerates and belong to it (the Trainer frees them after the step); workers only fill managed buffers, which are used again.</remarks>
/// <example><code>
/// var loader = new DataLoader&lt;(Tensor X, Tensor Y)&gt;(dataset, batchSize: 64, shuffle: true, workers: 2, seed: 0);
/// foreach (var (x, y) in loader) …
/// </code></example>
public sealed class DataLoader<TBatch> : IEnumerable<TBatch>, ILoader, IStateful, IShuffled, IShardable, IPositioned, IIndexed
{
    private const int MostWorkers = 256, MostAhead = 65_536;
    private readonly LoaderSource<TBatch> _source;
    private readonly BatchPlan? _plan;
    private readonly LoaderOrder? _order;
    private readonly bool _ownOrder;
    private readonly int _batchSize;
    private readonly int _workers;
    private readonly int _prefetch;
    private readonly bool _pin;
    private readonly TimeSpan? _timeout;
    private readonly CancellationToken _cancellation;
    private readonly LoaderPosition _position;

    /// <summary>A loader over a data set that can be read by position. Nothing is read before the first enumeration.</summary>
    /// <param name="dataset">An <see cref="IBatchDataset"/>, an <see cref="IDataset{TItem}"/>, or one that was given a collate function.</param>
    /// <param name="batchSize">Items per batch.</param>
    /// <param name="shuffle">Another order each epoch, a function of (seed, epoch) alone.</param>
    /// <param name="dropLast">Leave out a last batch that would be smaller.</param>
    /// <param name="workers">Threads that read ahead; 0 reads in the loop itself.</param>
    /// <param name="seed">Decides order and random changes of items; null: torch's own seed at the first enumeration.</param>
    /// <param name="sampler">Another order; not together with <paramref name="shuffle"/>.</param>
    /// <param name="batchSampler">Batches of the user's own making; not together with batch size, shuffle, sampler or dropLast.</param>
    /// <param name="prefetch">Batches that each worker may be ahead, from 1 to 65,536; each waits in memory.</param>
    /// <param name="pinMemory">Put batches into page-locked memory, for overlapped copies to a GPU; without CUDA this does nothing.</param>
    /// <param name="timeout">Longest wait for a batch of the workers; null: for ever.</param>
    /// <param name="cancellation">Ends a wait for data.</param>
    /// <exception cref="MisconfigurationException">Arguments contradict each other, or the data set cannot give this batch type.</exception>
    public DataLoader(
        IDataset dataset,
        int batchSize = 1,
        bool shuffle = false,
        bool dropLast = false,
        int workers = 0,
        long? seed = null,
        ISampler? sampler = null,
        IBatchSampler? batchSampler = null,
        int prefetch = 2,
        bool pinMemory = false,
        TimeSpan? timeout = null,
        CancellationToken cancellation = default)
        : this(batchSize, workers, seed, prefetch, pinMemory, timeout, cancellation)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        CheckOrder(dataset, batchSize, shuffle, dropLast, sampler, batchSampler);
        _order = new LoaderOrder(dataset, sampler, shuffle);
        _ownOrder = sampler is not null || batchSampler is not null;
        _plan = new BatchPlan(_order, batchSampler, batchSize, dropLast);
        _source = LoaderSource<TBatch>.Of(dataset, _plan);
    }

    /// <summary>A loader over a stream.</summary>
    /// <param name="stream">The stream; read in its own order by one thread at a time.</param>
    /// <param name="batchSize">Items per batch.</param>
    /// <param name="dropLast">Leave out a last batch that would be smaller.</param>
    /// <param name="workers">Threads that read ahead; 0 reads in the loop itself.</param>
    /// <param name="prefetch">Batches that each worker may be ahead, from 1 to 65,536; each waits in memory.</param>
    /// <param name="pinMemory">Put batches into page-locked memory; without CUDA this does nothing.</param>
    /// <param name="timeout">Longest wait for a batch of the workers; null: for ever.</param>
    /// <param name="cancellation">Ends a wait for data.</param>
    public DataLoader(
        IStreamDataset stream,
        int batchSize = 1,
        bool dropLast = false,
        int workers = 0,
        int prefetch = 2,
        bool pinMemory = false,
        TimeSpan? timeout = null,
        CancellationToken cancellation = default)
        : this(batchSize, workers, seed: 0, prefetch, pinMemory, timeout, cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _source = LoaderSource<TBatch>.Of(stream, batchSize, dropLast);
    }

    private DataLoader(int batchSize, int workers, long? seed, int prefetch, bool pinMemory, TimeSpan? timeout, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (workers is < 0 or > MostWorkers)
            throw new ArgumentOutOfRangeException(nameof(workers), workers, $"workers = {workers}: expected 0 (read in the loop itself) to {MostWorkers}. This machine has {Environment.ProcessorCount} cores; more threads than that rarely read faster.");
        if (prefetch is < 1 or > MostAhead)
            throw new ArgumentOutOfRangeException(nameof(prefetch), prefetch, $"prefetch = {prefetch}: expected 1 to {MostAhead:N0} batches that each worker may be ahead. Each waits in memory, and more than a few only hide a pause.");
        if (timeout is { } limit)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        (_batchSize, _workers, _prefetch, _timeout, _cancellation) = (batchSize, workers, prefetch, timeout, cancellation);
        _pin = pinMemory && torch.cuda.is_available();
        _position = new LoaderPosition(seed);
        _source = null!;   // both public constructors set it
    }

    /// <inheritdoc/>
    public int? BatchCount => _source.BatchCount;

    /// <summary>Items per batch; the last one, or those of a batch sampler, may differ.</summary>
    public int BatchSize => _batchSize;

    /// <inheritdoc/>
    public void SetEpoch(int epoch) => _position.SetEpoch(epoch);

    /// <summary>Which items batch <paramref name="batch"/> of the current epoch holds, so that predictions can be matched with them.</summary>
    /// <exception cref="InvalidOperationException">The loader reads a stream.</exception>
    public int[] BatchIndices(int batch)
    {
        if (_plan is null)
            throw new InvalidOperationException("A loader over a stream has no indices; number the items as they come.");
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batch, _plan.BatchCount);
        int[] buffer = [];
        return _plan.Indices(_position.Seed, _position.Epoch, batch, ref buffer).ToArray();
    }

    /// <inheritdoc/>
    public IEnumerator<TBatch> GetEnumerator()
    {
        var (epoch, start) = _position.Begin(_source.BatchCount, out var delivered);
        var epochSource = _source.Begin(start);
        int ahead = (int)Math.Min((long)_workers * _prefetch, Math.Max(1, _source.BatchCount ?? MostAhead));
        var pool = new BufferPool((ahead + _workers + 1) * Math.Max(1, _source.ColumnCount));
        if (_workers == 0)
            return new InlineEnumerator<TBatch>(epochSource, Context(-1), start, _pin, delivered, _cancellation);
        var contexts = Enumerable.Range(0, _workers).Select(Context).ToArray();
        return new WorkerEnumerator<TBatch>(epochSource, contexts, ahead, start, _timeout, _pin, delivered, _cancellation);

        ReadContext Context(int worker) => new(worker, _position.Seed, epoch, pool);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => _position.StateDict(_batchSize, _source.ItemCount);

    /// <inheritdoc/>
    /// <exception cref="DataException">The state belongs to a data set of another length, or to another batch size, so that its position means nothing here.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _position.LoadStateDict(state, _batchSize, _source.ItemCount);
    }

    int[]? IIndexed.IndicesOf(int batch) => _plan is null ? null : BatchIndices(batch);

    bool IShuffled.Shuffle => _order is { Shuffle: true };

    void IShuffled.UseSequentialOrder() => _order?.UseSequential();

    bool IShardable.TryShard(int rank, int worldSize, bool pad)
    {
        if (_order is null || _ownOrder)
            return false;
        _order.Shard(rank, worldSize, pad);
        return true;
    }

    void IPositioned.StartAt(int epoch, int batch) => _position.StartAt(epoch, batch);

    private static void CheckOrder(IDataset dataset, int batchSize, bool shuffle, bool dropLast, ISampler? sampler, IBatchSampler? batchSampler)
    {
        if (shuffle && sampler is not null)
            throw new MisconfigurationException("shuffle: true and a sampler both decide the order. Leave one out; Sampler.Random(count) is what shuffle uses.");
        if (batchSampler is not null && (batchSize != 1 || shuffle || dropLast || sampler is not null))
            throw new MisconfigurationException("A batchSampler decides size and order of the batches. Leave out batchSize, shuffle, dropLast and sampler.");
        int items = sampler?.Count ?? dataset.Count;
        if (dropLast && items > 0 && items < batchSize)
            throw new MisconfigurationException($"dropLast: true leaves no batch at all: batchSize is {batchSize}, but there are only {items} items. Use a smaller batchSize, or dropLast: false.");
    }
}
