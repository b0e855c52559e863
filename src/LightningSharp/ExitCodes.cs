namespace LightningSharp;

/// <summary>What a training program's exit code says. The samples and the command line return these; a supervisor decides by them.</summary>
public static class ExitCodes
{
    /// <summary>Done: 0.</summary>
    public const int Success = 0;

    /// <summary>An exception ended the run: 1.</summary>
    public const int Error = 1;

    /// <summary>Wrong usage, nothing was started: 2.</summary>
    public const int Usage = 2;

    /// <summary>Native code aborted in a step: 70. Starting again without changing the code will end the same way.</summary>
    public const int NativeFault = 70;

    /// <summary>Stopped early with everything saved (time limit, memory watch): 75. Resuming makes sense.</summary>
    public const int StoppedEarly = 75;

    /// <summary>The terminal went away (SIGHUP): 129.</summary>
    public const int HungUp = 129;

    /// <summary>Ctrl+C (SIGINT): 130.</summary>
    public const int Interrupted = 130;

    /// <summary>The system asked for the end (SIGTERM): 143.</summary>
    public const int Terminated = 143;

    /// <summary>The exit code for an exception that left <c>Fit</c>.</summary>
    /// <param name="exception">What was thrown; null means success.</param>
    public static int From(Exception? exception) => exception switch
    {
        null => Success,
        NativeFaultException => NativeFault,
        MisconfigurationException or ArgumentException => Usage,
        RunCanceledException canceled => canceled.ExitCode,
        OperationCanceledException => Interrupted,
        _ => Error,
    };

    internal static int From(StopReason reason, Diagnostics.RunSignal? signal) => reason switch
    {
        StopReason.Canceled => signal is { } received ? Diagnostics.RunSignals.ExitCode(received) : Interrupted,
        StopReason.MaxTime or StopReason.MemoryLimit or StopReason.Controlled => StoppedEarly,
        StopReason.NonFinite => Error,
        _ => Success,
    };
}
