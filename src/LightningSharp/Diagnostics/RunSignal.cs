namespace LightningSharp.Diagnostics;

/// <summary>What the system or the user wants of a run.</summary>
internal enum RunSignal
{
    /// <summary>Ctrl+C: stop after this batch, exit code 130.</summary>
    Interrupt,

    /// <summary>SIGTERM: stop after this batch, exit code 143, within the deadline.</summary>
    Terminate,

    /// <summary>SIGHUP: the terminal is gone; stop after this batch, exit code 129.</summary>
    HangUp,

    /// <summary>SIGUSR1: a cluster says that time is nearly up; save now, and stop only if the receiver wants to.</summary>
    User,
}
