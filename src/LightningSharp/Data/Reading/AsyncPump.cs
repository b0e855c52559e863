using System.Runtime.ExceptionServices;
using LightningSharp.Data.Shapes;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>
/// Runs an asynchronous sequence on a thread of its own, a bounded number of batches ahead. What follows an <c>await</c> comes back to this thread, so that it is known which tensors of a
/// batch were made for it (they go with it) and which existed before (they stay the user's): dispose scopes are per thread.
/// </summary>
internal sealed class AsyncPump<TBatch> : IReadAhead
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly IAsyncEnumerable<TBatch> _batches;
    private readonly int _capacity;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<(TBatch Batch, Tensor[] Made)> _ready = [];
    private readonly object _monitor = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private bool _ended;
    private bool _cancelled;
    private bool _disposed;
    private int _given;

    public AsyncPump(IAsyncEnumerable<TBatch> batches, int capacity)
    {
        (_batches, _capacity) = (batches, capacity);
        _thread = new Thread(Run) { IsBackground = true, Name = "LightningSharp sequence" };
        _thread.Start();
    }

    /// <summary>Waits for the next batch; false at the end.</summary>
    /// <param name="token">For the exception of a cancelled wait.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="made">Its tensors that were made for it.</param>
    /// <exception cref="DataException">The sequence failed.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Cancel"/> was called.</exception>
    public bool Next(CancellationToken token, out TBatch? batch, out Tensor[] made)
    {
        (batch, made) = (default, []);
        lock (_monitor)
        {
            while (_ready.Count == 0 && !_ended && !_cancelled)
                Monitor.Wait(_monitor);
            if (_cancelled)
                throw new OperationCanceledException("The wait for an asynchronous sequence was cancelled.", token);
            if (_ready.Count > 0)
            {
                (batch, made) = _ready.Dequeue();
                _given++;
                Monitor.PulseAll(_monitor);
                return true;
            }

            return _failure is { SourceException: var failure }
                ? throw new DataException($"The asynchronous sequence threw {failure.GetType().Name} when it was asked for batch {_given}: {failure.Message}", failure)
                : false;
        }
    }

    /// <summary>Lets a caller that waits go on with an exception.</summary>
    public void Cancel()
    {
        lock (_monitor)
        {
            _cancelled = true;
            Monitor.PulseAll(_monitor);
        }

        Stop();
    }

    /// <summary>Tells the sequence to end, through its token.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return;   // it has ended: an interruption that comes late
        }

        lock (_monitor)
            Monitor.PulseAll(_monitor);
    }

    /// <summary>Stops and waits a while; a sequence that ignores its token is left behind.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Stop();
        if (!_thread.Join(Patience + Patience))
            return;
        _stop.Dispose();
        foreach (var (_, made) in _ready)
            Free(made);
        _ready.Clear();
    }

    private static void Free(Tensor[] made)
    {
        foreach (var tensor in made)
            tensor.Dispose();
    }

    private void Run()
    {
        var thread = new OneThread(Patience, _stop.Token);
        SynchronizationContext.SetSynchronizationContext(thread);
        try
        {
            var batches = _batches.GetAsyncEnumerator(_stop.Token);
            try
            {
                while (Read(batches, thread))
                {
                }
            }
            finally
            {
                if (!thread.HasGivenUp)   // one that still runs cannot be disposed
                    thread.Wait(batches.DisposeAsync().AsTask());
            }
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }

        lock (_monitor)
        {
            _ended = true;
            Monitor.PulseAll(_monitor);
        }
    }

    private bool Read(IAsyncEnumerator<TBatch> batches, OneThread thread)
    {
        using var scope = NewDisposeScope();
        var moving = batches.MoveNextAsync();
        if (!(moving.IsCompleted ? moving.GetAwaiter().GetResult() : thread.Wait(moving.AsTask())))
        {
            scope.Detach(scope.DisposablesView);
            return false;
        }

        var batch = batches.Current;
        var made = Made(batch, scope);
        scope.Detach(scope.DisposablesView);   // the batch's own travel with it; what else was made stays with the sequence, which may keep it
        return Put(batch, made);
    }

    private static Tensor[] Made(TBatch batch, DisposeScope scope)
    {
        if (batch is null || scope.DisposablesCount == 0)
            return [];
        var tensors = new List<Tensor>();
        BatchShape<TBatch>.Instance.Collect(batch, tensors);
        for (int i = tensors.Count - 1; i >= 0; i--)
        {
            if (!scope.Contains(tensors[i]))
                tensors.RemoveAt(i);   // it existed before
        }

        return [.. tensors];
    }

    private bool Put(TBatch batch, Tensor[] made)
    {
        lock (_monitor)
        {
            while (_ready.Count >= _capacity && !_stop.IsCancellationRequested)
                Monitor.Wait(_monitor);
            if (!_stop.IsCancellationRequested)
            {
                _ready.Enqueue((batch, made));
                Monitor.PulseAll(_monitor);
                return true;
            }
        }

        Free(made);
        return false;
    }
}
