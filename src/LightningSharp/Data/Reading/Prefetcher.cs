using System.Runtime.ExceptionServices;

namespace LightningSharp.Data.Reading;

/// <summary>
/// Worker threads that read ahead, at most <c>capacity</c> batches, and hand over in order. Everything that is shared is guarded by one monitor; reading itself runs outside it.
/// </summary>
internal sealed class Prefetcher<TBatch> : IReadAhead
{
    private readonly EpochSource<TBatch> _source;
    private readonly BufferPool _pool;
    private readonly TimeSpan? _timeout;
    private readonly object?[] _ready;
    private readonly ReadContext[] _contexts;
    private readonly Thread[] _threads;
    private readonly object _monitor = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Lock _turn = new();
    private int _nextTake;
    private int _nextGive;
    private int _end = int.MaxValue;
    private bool _stopped;
    private bool _cancelled;
    private bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="source">What they read.</param>
    /// <param name="contexts">One per thread.</param>
    /// <param name="ahead">Batches that all of them together may be ahead.</param>
    /// <param name="start">Number of the first batch.</param>
    /// <param name="timeout">Longest wait for a batch.</param>
    public Prefetcher(EpochSource<TBatch> source, ReadContext[] contexts, int ahead, int start, TimeSpan? timeout)
    {
        (_source, _contexts, _timeout, _pool) = (source, contexts, timeout, contexts[0].Pool);
        _ready = new object?[ahead];
        _nextTake = _nextGive = start;
        _threads = Array.ConvertAll(contexts, context => new Thread(() => Work(context))
        {
            IsBackground = true,
            Name = $"LightningSharp loader {context.Worker}",
        });
        try
        {
            foreach (var thread in _threads)
                thread.Start();
        }
        catch
        {
            Stop();   // the system gave no more threads: those that it gave must not wait for ever
            throw;
        }
    }

    /// <summary>Waits for the next batch in order; null at the end.</summary>
    /// <exception cref="DataException">Reading it failed, or took longer than the time-out.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Cancel"/> was called.</exception>
    public object? Next()
    {
        object? read;
        lock (_monitor)
        {
            long since = Environment.TickCount64;
            int slot = _nextGive % _ready.Length;
            while (_ready[slot] is null && _nextGive < _end && !_cancelled)
                Wait(since);
            if (_cancelled)
                throw new OperationCanceledException("The data loader was cancelled.");
            if (_ready[slot] is null)
                return null;
            (read, _ready[slot]) = (_ready[slot], null);
            _nextGive++;
            Monitor.PulseAll(_monitor);
        }

        if (read is ExceptionDispatchInfo failure)
            failure.Throw();
        return read;
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

    /// <summary>Tells the workers to end; they do after the item that they are reading.</summary>
    public void Stop()
    {
        foreach (var context in _contexts)
            context.Stopped = true;
        lock (_monitor)
        {
            _stopped = true;
            Monitor.PulseAll(_monitor);
        }
    }

    /// <summary>Stops and waits a while; workers that hang in user code are left behind as background threads.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Stop();
        long since = Environment.TickCount64;
        bool ended = true;
        foreach (var thread in _threads)
        {
            var left = Patience - TimeSpan.FromMilliseconds(Environment.TickCount64 - since);   // for all together, or many that hang would take minutes
            ended &= thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        if (!ended)
            return;
        foreach (object? read in _ready)
        {
            if (read is not null and not ExceptionDispatchInfo)
                _source.Discard(read, _pool);
        }

        _source.Dispose();
    }

    private void Wait(long since)
    {
        if (_timeout is not { } limit)
        {
            Monitor.Wait(_monitor);
            return;
        }

        var left = limit - TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
        if (left > TimeSpan.Zero)
        {
            Monitor.Wait(_monitor, left);
            return;
        }

        var busy = Array.Find(_contexts, context => context.Batch == _nextGive) ?? Array.Find(_contexts, context => context.Item >= 0);
        throw new DataException($"Batch {_nextGive} was not ready after {limit.TotalSeconds:0.###} s: {busy?.Place ?? "no worker has begun it"}. Find out why reading this item takes so long, or raise the loader's timeout.");
    }

    private void Work(ReadContext context)
    {
        while (true)
        {
            int batch;
            object? read;
            try
            {
                if (!Take(context, out batch, out object? work))
                    return;
                read = Read(work, batch, context);
            }
            finally
            {
                (context.Batch, context.Item) = (-1, -1);
            }

            lock (_monitor)
            {
                _ready[batch % _ready.Length] = read;
                if (read is ExceptionDispatchInfo)
                    _end = Math.Min(_end, batch + 1);   // nothing after a failed batch is wanted
                Monitor.PulseAll(_monitor);
            }
        }
    }

    /// <summary>Waits for room and takes the next work. One worker at a time, so that work is taken in order.</summary>
    private bool Take(ReadContext context, out int batch, out object? work)
    {
        lock (_turn)
        {
            work = null;
            lock (_monitor)
            {
                batch = _nextTake;
                while (!_stopped && batch < _end && batch - _nextGive >= _ready.Length)
                    Monitor.Wait(_monitor);
                if (_stopped || batch >= _end)
                    return false;
                _nextTake++;
            }

            context.Batch = batch;
            try
            {
                work = _source.Take(batch, context);
            }
            catch (Exception failure)
            {
                work = ExceptionDispatchInfo.Capture(failure);
            }

            if (work is not null)
                return true;
            lock (_monitor)
            {
                _end = Math.Min(_end, batch);
                Monitor.PulseAll(_monitor);
            }

            return false;
        }
    }

    private object Read(object? work, int batch, ReadContext context)
    {
        if (work is ExceptionDispatchInfo failed)
            return failed;
        try
        {
            return _source.Read(work!, batch, context);   // Take gave true, so there is work
        }
        catch (Exception failure)
        {
            return ExceptionDispatchInfo.Capture(failure);
        }
    }
}
