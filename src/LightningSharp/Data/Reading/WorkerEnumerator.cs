using System.Collections;

namespace LightningSharp.Data.Reading;

/// <summary>Takes batches that workers have read and makes their tensors on the caller's thread.</summary>
internal sealed class WorkerEnumerator<TBatch> : IEnumerator<TBatch>, IInterruptible
{
    private readonly EpochSource<TBatch> _source;
    private readonly Prefetcher<TBatch> _prefetcher;
    private readonly BufferPool _pool;
    private readonly bool _pin;
    private readonly Action<int> _delivered;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _cancellation;
    private int _next;
    private bool _ended;
    private TBatch? _current;

    public WorkerEnumerator(
        EpochSource<TBatch> source, ReadContext[] contexts, int ahead, int start, TimeSpan? timeout, bool pin, Action<int> delivered, CancellationToken cancellation)
    {
        (_source, _pool, _pin, _delivered, _next, _token) = (source, contexts[0].Pool, pin, delivered, start, cancellation);
        _prefetcher = new Prefetcher<TBatch>(source, contexts, ahead, start, timeout);
        _cancellation = cancellation.UnsafeRegister(static prefetcher => ((Prefetcher<TBatch>)prefetcher!).Cancel(), _prefetcher);   // never null: passed here
    }

    // the threads do not refer to this object, so a forgotten Dispose ends them here at last
    ~WorkerEnumerator() => _prefetcher?.Stop();

    public TBatch Current => _current!;   // only meaningful after MoveNext returned true

    object? IEnumerator.Current => _current;

    public bool MoveNext()
    {
        if (_ended)
            return false;
        _ended = true;   // stays so when reading throws: an enumeration that failed does not go on
        if (Next() is not { } read)
            return false;
        _current = _source.Finish(read, _pool, _pin);
        _ended = false;
        _delivered(++_next);
        return true;
    }

    public void Interrupt() => _prefetcher.Cancel();

    public void Reset() => throw new NotSupportedException("Enumerate the loader again instead.");

    public void Dispose()
    {
        _ended = true;
        _current = default;
        _cancellation.Dispose();
        _prefetcher.Dispose();
        GC.SuppressFinalize(this);
    }

    private object? Next()
    {
        try
        {
            return _prefetcher.Next();
        }
        catch (OperationCanceledException) when (_token.IsCancellationRequested)
        {
            throw new OperationCanceledException("The data loader was cancelled.", _token);
        }
    }
}
