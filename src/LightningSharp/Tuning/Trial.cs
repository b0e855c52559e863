namespace LightningSharp.Tuning;

/// <summary>Options of a short run that leaves no trace: no loggers, checkpoints, screen, validation or callbacks but the one that measures.</summary>
internal static class Trial
{
    /// <param name="owner">The Trainer that wants to know.</param>
    /// <param name="steps">Optimizer steps, or batches of an evaluation.</param>
    /// <param name="probe">Measures.</param>
    /// <param name="evaluates">Whether the trial is a validation, test or prediction.</param>
    public static Trainer Create(Trainer owner, long steps, Callback probe, bool evaluates = false) => new(owner.Options with
    {
        Callbacks = [probe],
        Loggers = [],
        EnableCheckpointing = false,
        EnableProgressBar = false,
        EnableModelSummary = false,
        NumSanityValSteps = 0,
        LimitValBatches = evaluates ? Math.Max(2, (int)steps) : Limit.None,
        LimitTestBatches = Math.Max(2, (int)steps), // two: a single batch would look like the whole epoch
        LimitPredictBatches = Math.Max(2, (int)steps),
        MaxSteps = steps,
        MaxEpochs = -1,
        MinSteps = null,
        MinEpochs = null,
        MaxTime = null,
        MaxDuration = null,
        MinDuration = null,
        LogInterval = null,
        ValCheckInterval = Every.Fraction(1.0),
        ValidateAtStart = false,
        ValidateAtEnd = false,
        Seed = null,
        FastDevRun = default,
        OverfitBatches = Limit.None,
    })
    { IsTrial = true };
}
