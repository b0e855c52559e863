using System.Collections.Concurrent;

namespace LightningSharp.Logging;

/// <summary>A logger behind a fence: its exceptions and its slowness stay with it.</summary>
internal sealed class GuardedLogger : IAsyncDisposable
{
    /// <summary>Calls that wait for a slow logger; further ones are dropped and counted.</summary>
    internal const int QueueLength = 10_000;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(2);

    private readonly Action<IMetricLogger, string, Exception?> _onFault;
    private readonly BlockingCollection<Action>? _queue;
    private readonly ManualResetEventSlim _done = new();
    private readonly TimeSpan _patience;
    private readonly Lock _gate = new();
    private Thread? _thread;
    private volatile bool _isSlow;
    private int _isOff;
    private long _dropped;
    private int _saidBehind;

    internal GuardedLogger(IMetricLogger logger, Action<IMetricLogger, string, Exception?> onFault, TimeSpan? patience = null)
    {
        (Logger, _onFault, _patience) = (logger, onFault, patience ?? LoggerFan.Patience);
        IsInline = logger.GetType().Assembly == typeof(GuardedLogger).Assembly;
        if (!IsInline)
        {
            _queue = new(QueueLength);
        }
    }

    internal IMetricLogger Logger { get; }

    /// <summary>Ours: never blocks for long and runs where it is called.</summary>
    internal bool IsInline { get; }

    internal bool IsOn => Volatile.Read(ref _isOff) == 0;

    internal void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
    {
        if (!IsOn)
        {
            return;
        }

        try
        {
            Logger.LogMetrics(metrics, step);
        }
        catch (Exception e)
        {
            SwitchOff(e);
        }
    }

    internal void Do(Action<IMetricLogger> call)
    {
        if (!IsOn)
        {
            return;
        }

        if (_queue is null)
        {
            Run(() => call(Logger));
            return;
        }

        if (_isSlow)
        {
            Post(() => Run(() => call(Logger)));
            return;
        }

        _done.Reset();
        Post(() =>
        {
            Run(() => call(Logger));
            _done.Set();
        });
        if (!_done.Wait(_patience))
        {
            _isSlow = true;
            _onFault(Logger, $"did not answer within {_patience.TotalSeconds:0.###} s; its values are sent from a queue from now on and may arrive late", null);
        }
    }

    internal T? Ask<T>(Func<IMetricLogger, T?> question)
    {
        T? answer = default;
        Do(l => answer = question(l));
        return answer;
    }

    internal void WaitUntilEmpty(TimeSpan limit)
    {
        if (_queue is null || !_isSlow)
        {
            return;
        }

        using var empty = new ManualResetEventSlim();
        // the event may be gone when a very late logger gets there
        Post(() => Signal(empty));
        if ((!empty.Wait(limit) || Interlocked.Read(ref _dropped) > 0) && Interlocked.Exchange(ref _saidBehind, 1) == 0)
        {
            _onFault(Logger, $"is still behind at the end of the run; {_queue.Count} calls are unsent and {Interlocked.Read(ref _dropped)} were dropped", null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
        {
            WaitUntilEmpty(LoggerFan.PatienceAtEnd);
            _queue.CompleteAdding();
            if (_thread?.Join(_patience) == false)
            {
                return; // it hangs inside the logger: disposing under its hands would only break it further
            }
        }

        try
        {
            await Logger.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            SwitchOff(e);
        }
    }

    private static void Signal(ManualResetEventSlim empty)
    {
        try
        {
            empty.Set();
        }
        catch (ObjectDisposedException)
        {
            // nobody waits any more
        }
    }

    private void Post(Action work)
    {
        lock (_gate)
        {
            if (!_queue!.TryAdd(work)) // only called where a queue exists
            {
                Interlocked.Increment(ref _dropped);
            }

            if (_thread is null)
            {
                // background: a logger that never returns must not keep the process alive
                _thread = new(Pump) { IsBackground = true, Name = "LightningSharp logger " + Logger.GetType().Name };
                _thread.Start();
            }
        }
    }

    /// <summary>Ends when there has been nothing to do for a while, so that a Trainer that is forgotten leaves no thread behind.</summary>
    private void Pump()
    {
        while (true)
        {
            while (_queue!.TryTake(out var work, IdleLimit)) // started only when a queue exists
            {
                work();
            }

            lock (_gate)
            {
                if (_queue.Count == 0)
                {
                    _thread = null;
                    return;
                }
            }
        }
    }

    private void Run(Action call)
    {
        if (!IsOn)
        {
            return;
        }

        try
        {
            call();
        }
        catch (Exception e)
        {
            SwitchOff(e);
        }
    }

    private void SwitchOff(Exception e)
    {
        if (Interlocked.Exchange(ref _isOff, 1) == 0)
        {
            _onFault(Logger, "failed and is switched off; the run goes on without it", e);
        }
    }
}
