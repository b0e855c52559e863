namespace LightningSharp;

/// <summary>The unit of a <see cref="Duration"/>.</summary>
public enum DurationUnit
{
    /// <summary>Passes over the training data: <c>10ep</c>.</summary>
    Epochs,

    /// <summary>Training batches: <c>500ba</c>.</summary>
    Batches,

    /// <summary>Optimizer steps: <c>500st</c>.</summary>
    Steps,

    /// <summary>Training samples: <c>1e6sp</c>.</summary>
    Samples,

    /// <summary>A part of one epoch's batches: <c>0.25epdur</c>.</summary>
    EpochFraction,

    /// <summary>A part of the whole run, as its limits give it: <c>0.1dur</c>.</summary>
    RunFraction,

    /// <summary>Wall time of training: <c>3600sec</c>.</summary>
    Time,
}
