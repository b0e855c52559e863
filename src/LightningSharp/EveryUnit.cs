namespace LightningSharp;

/// <summary>The unit of an <see cref="Every"/>.</summary>
public enum EveryUnit
{
    /// <summary>Passes over the training data.</summary>
    Epochs,

    /// <summary>Training batches.</summary>
    Batches,

    /// <summary>Optimizer steps.</summary>
    Steps,

    /// <summary>Training samples.</summary>
    Samples,

    /// <summary>A part of an epoch.</summary>
    EpochFraction,

    /// <summary>A part of the whole run, as its limits give it.</summary>
    RunFraction,

    /// <summary>Wall time, from a monotonic clock.</summary>
    Time,
}
