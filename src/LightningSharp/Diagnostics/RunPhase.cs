namespace LightningSharp.Diagnostics;

/// <summary>What a run is doing, coarse enough to be told in one word after its death.</summary>
internal enum RunPhase
{
    /// <summary>Nothing was written yet.</summary>
    Unknown,

    /// <summary>Preparing data and model.</summary>
    Setup,

    /// <summary>Reading a checkpoint.</summary>
    Restore,

    /// <summary>The sanity check before training.</summary>
    SanityCheck,

    /// <summary>Waiting for the loader's next batch.</summary>
    Load,

    /// <summary>The user's step, forward and backward.</summary>
    Train,

    /// <summary>The optimizer's step.</summary>
    Optimize,

    /// <summary>Validation.</summary>
    Validate,

    /// <summary>Test.</summary>
    Test,

    /// <summary>Predict.</summary>
    Predict,

    /// <summary>Writing a checkpoint.</summary>
    Save,

    /// <summary>Tearing down.</summary>
    Teardown,
}
