namespace LightningSharp.Callbacks;

/// <summary>What besides epochs, steps and time makes a <see cref="ModelCheckpoint"/> save.</summary>
[Flags]
public enum CheckpointEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The run was cancelled: by its token, Ctrl+C, SIGTERM or another signal.</summary>
    Canceled = 1,

    /// <summary>The run ended with an exception.</summary>
    Exception = 2,

    /// <summary>The time of the run was up (<see cref="TrainerOptions.MaxTime"/>).</summary>
    TimeUp = 4,

    /// <summary>Training ended, for whatever reason but an exception.</summary>
    TrainEnd = 8,
}
