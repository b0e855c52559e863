namespace LightningSharp.Loops;

/// <summary>How far the work after a training step has come: a checkpoint taken on the way is continued from there, so that nothing happens twice or never.</summary>
internal enum BatchPhase
{
    /// <summary>Nothing is left to do for the batch.</summary>
    Done,

    /// <summary>The step is taken; logging and a validation that may be due are not done.</summary>
    Stepped,

    /// <summary>Validation is done.</summary>
    Validated,

    /// <summary>The epoch's hooks ran; its metrics are not logged yet.</summary>
    EpochEnded,

    /// <summary>The step is taken and logged; a validation that may be due is not done, or was interrupted and starts again.</summary>
    Logged,
}
