namespace LightningSharp;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary><see cref="TrainerOptions.MaxEpochs"/> epochs are done.</summary>
    MaxEpochs,

    /// <summary><see cref="TrainerOptions.MaxSteps"/> optimizer steps are done.</summary>
    MaxSteps,

    /// <summary><see cref="TrainerOptions.MaxTime"/> has passed.</summary>
    MaxTime,

    /// <summary><see cref="TrainerOptions.MaxDuration"/> in batches or samples is done.</summary>
    MaxDuration,

    /// <summary>A callback or the user called <see cref="Trainer.Stop(string)"/>.</summary>
    Requested,

    /// <summary>The cancellation token, Ctrl+C or a termination signal.</summary>
    Canceled,

    /// <summary>Another process asked for the end (<see cref="Logging.RunControl"/>); everything is saved.</summary>
    Controlled,

    /// <summary>Memory was nearly used up; everything is saved (<see cref="TrainerOptions.MemoryWatch"/>).</summary>
    MemoryLimit,

    /// <summary>The loss was NaN or infinite (<see cref="TrainerOptions.OnNonFinite"/>).</summary>
    NonFinite,

    /// <summary>There was no training batch: the limit is zero.</summary>
    NoBatches,
}
