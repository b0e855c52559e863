namespace LightningSharp;

/// <summary>What the Trainer is doing. As an argument of <c>Setup</c> and <c>Teardown</c>: the entry point that was called.</summary>
public enum Stage
{
    /// <summary>Nothing: before the first entry point and after the last.</summary>
    Idle,

    /// <summary>Training inside <c>Fit</c>.</summary>
    Fit,

    /// <summary>The short validation run before training that finds broken validation code at once.</summary>
    SanityCheck,

    /// <summary>Validation, inside <c>Fit</c> or by <c>Validate</c>.</summary>
    Validate,

    /// <summary>Testing.</summary>
    Test,

    /// <summary>Prediction.</summary>
    Predict,
}
