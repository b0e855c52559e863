using System.Collections;

namespace LightningSharp.Data.Reading;

/// <summary>Takes the batches that other threads have ready, on the caller's thread.</summary>
internal abstract class AheadEnumerator<TBatch> : IEnumerator<TBatch>, IInterruptible
{
    private readonly IReadAhead _reader;
    private readonly CancellationTokenRegistration _cancellation;
    private bool _ended;
    private TBatch? _current;

    protected AheadEnumerator(IReadAhead reader, CancellationToken cancellation)
    {
        _reader = reader;
        Token = cancellation;
        _cancellation = cancellation.UnsafeRegister(static ahead => ((IReadAhead)ahead!).Cancel(), reader);   // never null: passed here
    }

    // the threads do not refer to this object, so a forgotten Dispose ends them here at last
    ~AheadEnumerator() => _reader?.Stop();

    public TBatch Current => _current!;   // only meaningful after MoveNext returned true

    object? IEnumerator.Current => _current;

    protected CancellationToken Token { get; }

    public bool MoveNext()
    {
        if (_ended)
            return false;
        _ended = true;   // stays so when reading throws: an enumeration that failed does not go on
        if (!Take(out var batch))
            return false;
        (_current, _ended) = (batch, false);
        Delivered();
        return true;
    }

    public void Interrupt() => _reader.Cancel();

    public void Reset() => throw new NotSupportedException("Enumerate the loader again instead.");

    public void Dispose()
    {
        _ended = true;
        _current = default;
        _cancellation.Dispose();
        _reader.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for the next batch; false at the end.</summary>
    protected abstract bool Take(out TBatch? batch);

    /// <summary>The batch is the current one now.</summary>
    protected virtual void Delivered()
    {
    }
}
