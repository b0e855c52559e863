using System.Collections;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>Takes the batches that an <see cref="AsyncPump{TBatch}"/> has ready.</summary>
internal sealed class AsyncEnumerator<TBatch> : IEnumerator<TBatch>, IInterruptible
{
    private readonly AsyncPump<TBatch> _pump;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _cancellation;
    private bool _ended;
    private TBatch? _current;

    public AsyncEnumerator(IAsyncEnumerable<TBatch> batches, int capacity, CancellationToken cancellation)
    {
        _pump = new(batches, capacity);
        _token = cancellation;
        _cancellation = cancellation.UnsafeRegister(static pump => ((AsyncPump<TBatch>)pump!).Cancel(), _pump);   // never null: passed here
    }

    // the thread does not refer to this object, so a forgotten Dispose ends it here at last
    ~AsyncEnumerator() => _pump?.Stop();

    public TBatch Current => _current!;   // only meaningful after MoveNext returned true

    object? IEnumerator.Current => _current;

    public bool MoveNext()
    {
        if (_ended)
            return false;
        _ended = true;   // stays so when reading throws: an enumeration that failed does not go on
        if (!_pump.Next(_token, out var batch, out var made))
            return false;
        Adopt(made);
        (_current, _ended) = (batch, false);
        return true;
    }

    public void Interrupt() => _pump.Cancel();

    public void Reset() => throw new NotSupportedException("Enumerate the loader again instead.");

    public void Dispose()
    {
        _ended = true;
        _current = default;
        _cancellation.Dispose();
        _pump.Dispose();
        GC.SuppressFinalize(this);
    }

    // As if this thread had made them: into the scope that is open here, if one is.
    private static void Adopt(Tensor[] made)
    {
        if (made.Length == 0)
            return;
        using var scope = NewDisposeScope();
        foreach (var tensor in made)
        {
            scope.Attach(tensor);
            tensor.MoveToOuterDisposeScope();
        }
    }
}
