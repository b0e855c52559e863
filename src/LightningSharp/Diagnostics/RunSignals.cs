using System.Runtime.InteropServices;

namespace LightningSharp.Diagnostics;

/// <summary>
/// Listens to SIGINT, SIGTERM, SIGHUP and SIGUSR1 while a run lasts. The first stop signal asks, the second ends the process at once; what counts is
/// the process, not the run: runs within runs and beside each other all hear the first one. The handlers that were there before come back at the end.
/// </summary>
/// <param name="onSignal">Called once per signal on a thread of its own, even while the step is in a native call; must only set flags.</param>
/// <param name="onDeadline">
/// Called on a thread of its own when the run is still there <paramref name="deadline"/> after SIGTERM: the last chance to save the state of the last
/// step boundary. The process then ends with 143, whether it throws or not.
/// </param>
/// <param name="deadline">Time from SIGTERM to the emergency; 20 s when null, because orchestrators kill after 30 s.</param>
/// <param name="exit">Ends the process; replaced by tests.</param>
internal sealed class RunSignals(Action<RunSignal> onSignal, Action? onDeadline = null, TimeSpan? deadline = null, Action<int>? exit = null) : IDisposable
{
    private const int Linux = 10, Bsd = 30; // SIGUSR1; PosixSignal has no name for it, but takes the system's own numbers
    private const int FileTooLarge = 25; // SIGXFSZ, the same everywhere
    private static readonly Lock Gate = new();
    private static readonly List<RunSignals> Active = [];
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static int _stopSignals;

    private Timer? _deadline;
    private bool _disposed;

    /// <summary>Starts listening.</summary>
    public static RunSignals Start(Action<RunSignal> onSignal, Action? onDeadline = null, TimeSpan? deadline = null, Action<int>? exit = null)
    {
        var signals = new RunSignals(onSignal, onDeadline, deadline, exit);
        lock (Gate)
        {
            Active.Add(signals);
            if (Active.Count == 1) Register();
        }

        return signals;
    }

    /// <summary>The exit code that belongs to a signal; 75 for SIGUSR1, after which resuming makes sense.</summary>
    public static int ExitCode(RunSignal signal) => signal switch
    {
        RunSignal.Interrupt => ExitCodes.Interrupted,
        RunSignal.Terminate => ExitCodes.Terminated,
        RunSignal.HangUp => ExitCodes.HungUp,
        _ => ExitCodes.StoppedEarly,
    };

    /// <summary>Stops listening; the last one restores what was there before.</summary>
    public void Dispose()
    {
        PosixSignalRegistration[] ended = [];
        lock (Gate)
        {
            if (_disposed) return;
            _disposed = true;
            _deadline?.Dispose();
            Active.Remove(this);
            if (Active.Count == 0)
            {
                ended = [.. Registrations];
                Registrations.Clear();
                _stopSignals = 0;
            }
        }

        // Outside the lock: disposing waits for a handler that runs, and that handler may be waiting for the lock.
        foreach (var registration in ended) registration.Dispose();
    }

    /// <summary>What a signal does; tests call it directly.</summary>
    internal static void Receive(RunSignal signal)
    {
        RunSignals[] listeners;
        int count;
        lock (Gate)
        {
            listeners = [.. Active];
            count = signal == RunSignal.User ? 0 : ++_stopSignals;
        }

        if (count > 1)
        {
            foreach (var listener in listeners) listener.End(ExitCode(signal));
            return;
        }

        foreach (var listener in listeners) listener.Tell(signal);
    }

    private static void Register()
    {
        Register(PosixSignal.SIGINT, RunSignal.Interrupt);
        Register(PosixSignal.SIGTERM, RunSignal.Terminate);

        // Under nohup and in most schedulers HUP means nothing to a run that has no terminal to lose.
        Register(PosixSignal.SIGHUP, RunSignal.HangUp);
        if (OperatingSystem.IsWindows()) return;
        Register((PosixSignal)(OperatingSystem.IsLinux() ? Linux : Bsd), RunSignal.User);

        // A file above the limit (ulimit -f) would end the process; ignored, the write fails and is an error like a full disk.
        Registrations.Add(PosixSignalRegistration.Create((PosixSignal)FileTooLarge, context => context.Cancel = true));
    }

    private static void Register(PosixSignal signal, RunSignal meaning)
    {
        var hadTerminal = !System.Console.IsInputRedirected || !System.Console.IsOutputRedirected || !System.Console.IsErrorRedirected;
        Registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true; // the run ends itself
            if (meaning != RunSignal.HangUp || hadTerminal) Receive(meaning);
        }));
    }

    private void Tell(RunSignal signal)
    {
        onSignal(signal);
        if (signal != RunSignal.Terminate) return;
        lock (Gate)
        {
            if (!_disposed) _deadline ??= new Timer(_ => AtDeadline(), null, deadline ?? TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);
        }
    }

    private void AtDeadline()
    {
        lock (Gate)
        {
            if (_disposed) return;
        }

        try
        {
            onDeadline?.Invoke();
        }
        catch (Exception exception)
        {
            System.Console.Error.WriteLine($"The emergency save failed: {exception.Message}");
        }

        lock (Gate)
        {
            if (_disposed) return; // the run ended in order meanwhile
        }

        End(ExitCodes.Terminated);
    }

    private void End(int code) => (exit ?? ProcessExit.Now)(code);
}
