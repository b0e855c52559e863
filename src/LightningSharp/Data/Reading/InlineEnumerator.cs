using System.Collections;

namespace LightningSharp.Data.Reading;

/// <summary>Reads each batch when it is asked for, on the caller's thread.</summary>
internal sealed class InlineEnumerator<TBatch>(
    EpochSource<TBatch> source, ReadContext context, int start, bool pin, Action<int> delivered, CancellationToken cancellation) : IEnumerator<TBatch>
{
    private int _next = start;
    private bool _ended;
    private bool _disposed;
    private TBatch? _current;

    public TBatch Current => _current!;   // only meaningful after MoveNext returned true

    object? IEnumerator.Current => _current;

    public bool MoveNext()
    {
        if (_ended)
            return false;
        cancellation.ThrowIfCancellationRequested();
        _ended = true;   // stays so when reading throws: an enumeration that failed does not go on
        if (source.Take(_next, context) is not { } work)
            return false;
        _current = source.ReadHere(work, _next, context, pin);
        _ended = false;
        delivered(++_next);
        return true;
    }

    public void Reset() => throw new NotSupportedException("Enumerate the loader again instead.");

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = _ended = true;
        _current = default;
        source.Dispose();
    }
}
