namespace LightningSharp.Data.Reading;

/// <summary>Takes batches that workers have read and makes their tensors on the caller's thread.</summary>
internal sealed class WorkerEnumerator<TBatch> : AheadEnumerator<TBatch>
{
    private readonly EpochSource<TBatch> _source;
    private readonly Prefetcher<TBatch> _prefetcher;
    private readonly BufferPool _pool;
    private readonly bool _pin;
    private readonly Action<int> _delivered;
    private int _next;

    public WorkerEnumerator(
        EpochSource<TBatch> source, ReadContext[] contexts, int ahead, int start, TimeSpan? timeout, bool pin, Action<int> delivered, CancellationToken cancellation)
        : this(source, contexts[0].Pool, new Prefetcher<TBatch>(source, contexts, ahead, start, timeout), cancellation)
        => (_pin, _delivered, _next) = (pin, delivered, start);

    private WorkerEnumerator(EpochSource<TBatch> source, BufferPool pool, Prefetcher<TBatch> prefetcher, CancellationToken cancellation)
        : base(prefetcher, cancellation)
    {
        (_source, _pool, _prefetcher) = (source, pool, prefetcher);
        _delivered = null!;   // the public constructor sets it
    }

    protected override bool Take(out TBatch? batch)
    {
        batch = default;
        if (Next() is not { } read)
            return false;
        batch = _source.Finish(read, _pool, _pin);
        return true;
    }

    protected override void Delivered() => _delivered(++_next);

    private object? Next()
    {
        try
        {
            return _prefetcher.Next();
        }
        catch (OperationCanceledException) when (Token.IsCancellationRequested)
        {
            throw new OperationCanceledException("The data loader was cancelled.", Token);
        }
    }
}
