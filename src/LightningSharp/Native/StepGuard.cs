namespace LightningSharp.Native;

/// <summary>
/// Protects one run from finalizers that free native objects in mid-call. <see cref="Enter"/> before the first step, <see cref="Boundary"/> before
/// each step, <see cref="Exit"/> (or Dispose) on every way out. Used by the thread that steps; only <see cref="Exit"/> may come from another one.
/// </summary>
/// <remarks>
/// The finalizer thread belongs to the process, so all guards share one gate. Finalizers run at a boundary within a tenth of a second after a collection,
/// and at the latest after 1,000 steps or a second, when nobody else is inside a step. A step that sleeps for two seconds opens the gate: it may be waiting for
/// finalizers itself, and a thread that waits is not inside native code.
/// </remarks>
internal sealed class StepGuard(Action<string>? report = null) : IDisposable
{
    private const int StepsBetweenCollections = 1000;

    // A closed gate protects however many collections pass; what waits behind it is small. Ten openings a second keep their cost below one percent.
    private const long ShortestInterval = 100, LongestInterval = 1000;
    private const int WatchdogPeriod = 500, TicksUntilOpening = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Rendezvous = TimeSpan.FromMilliseconds(20);
    private static readonly object Sync = new();
    private static readonly FinalizerGate Gate = new();
    private static readonly List<StepGuard> Active = [];
    private static Timer? _watchdog;
    private static int _seenCollections;
    private static long _closedAt;
    private static int _closings;
    private static volatile bool _forcedOpen;

    private int _steps;
    private bool _entered, _atBoundary, _slow;
    private Thread? _thread;
    private int _sleepingTicks;
    private int _lastSteps;

    /// <summary>How often the watchdog had to open the gate during this run.</summary>
    public int WatchdogOpenings { get; private set; }

    /// <summary>How often finalizers were let through at a boundary of this run.</summary>
    public int Openings { get; private set; }

    /// <summary>Closes the gate, unless another run already did.</summary>
    public void Enter()
    {
        lock (Sync)
        {
            if (_entered) return;
            _entered = true;
            _thread = Thread.CurrentThread;
            Active.Add(this);
            if (Active.Count > 1) return;
            _watchdog ??= new Timer(static _ => Watch(), null, WatchdogPeriod, WatchdogPeriod);
            Close();
        }
    }

    /// <summary>Between two steps: two counters, and at most ten times a second (or every 1,000 steps) the opening, a fraction of a millisecond.</summary>
    public void Boundary()
    {
        _steps++;
        var elapsed = Environment.TickCount64 - Volatile.Read(ref _closedAt);
        if (_forcedOpen || _steps % StepsBetweenCollections == 0 || elapsed >= LongestInterval
            || (elapsed >= ShortestInterval && GC.CollectionCount(0) != Volatile.Read(ref _seenCollections)))
        {
            LetThrough();
        }
    }

    /// <summary>Ends this run's protection; finalizers run freely when it was the last one. Safe to call twice and from any thread.</summary>
    public void Exit()
    {
        lock (Sync)
        {
            if (!_entered) return;
            _entered = false;
            Active.Remove(this);
            Monitor.PulseAll(Sync);
            if (Active.Count > 0) return;
            _watchdog?.Dispose();
            _watchdog = null;
            _forcedOpen = false;
            Gate.Open();
        }
    }

    /// <inheritdoc cref="Exit"/>
    public void Dispose() => Exit();

    private void LetThrough()
    {
        lock (Sync)
        {
            if (!_entered) return;
            _atBoundary = true;
            try
            {
                // Others may be inside a native call: the one that arrives last opens for all. Whoever waits too long tries again at its next boundary.
                var seen = _closings;
                if (!EveryoneElseIsOutside()) Monitor.Wait(Sync, Rendezvous);
                if (_closings != seen || !EveryoneElseIsOutside()) return;
                Gate.Open();
                Openings++;
                Close();
                Monitor.PulseAll(Sync);
            }
            finally
            {
                _atBoundary = false;
            }
        }
    }

    private bool EveryoneElseIsOutside()
    {
        foreach (var other in Active)
        {
            // A run inside a run shares our thread, and so cannot be in a native call now.
            if (other != this && !other._atBoundary && other._thread != Thread.CurrentThread) return false;
        }

        return true;
    }

    private void Close()
    {
        var closed = Gate.Close(_slow ? TimeSpan.Zero : Patience);
        if (!closed && !_slow)
            report?.Invoke($"Finalizers of this process did not finish within {Patience.TotalSeconds:0} s; steps run unprotected against them until they do.");
        _slow = !closed;
        _forcedOpen = false;
        _closings++;
        Volatile.Write(ref _seenCollections, GC.CollectionCount(0));
        Volatile.Write(ref _closedAt, Environment.TickCount64);
    }

    private static void Watch()
    {
        // A boundary that holds the lock is alive: no need to watch it.
        if (!Monitor.TryEnter(Sync)) return;
        try
        {
            foreach (var guard in Active)
            {
                guard._sleepingTicks = guard.SleepsWithoutProgress() ? guard._sleepingTicks + 1 : 0;
                if (guard._sleepingTicks < TicksUntilOpening || _forcedOpen) continue;
                _forcedOpen = true;
                guard.WatchdogOpenings++;
                Gate.Open();
            }

            foreach (var guard in Active) guard._lastSteps = guard._steps;
        }
        finally
        {
            Monitor.Exit(Sync);
        }
    }

    private bool SleepsWithoutProgress()
    {
        if (_thread is null || (_thread.ThreadState & ThreadState.WaitSleepJoin) == 0) return false;
        foreach (var other in Active)
        {
            if (other._thread == _thread && other._steps != other._lastSteps) return false;
        }

        return true;
    }
}
