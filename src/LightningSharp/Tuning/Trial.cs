namespace LightningSharp.Tuning;

/// <summary>Options of a short run that leaves no trace: no loggers, checkpoints, screen, validation or callbacks but the one that measures.</summary>
internal static class Trial
{
    public static Trainer Create(Trainer owner, long steps, Callback probe) => new(owner.Options with
    {
        Callbacks = [probe],
        Loggers = [],
        EnableCheckpointing = false,
        EnableProgressBar = false,
        EnableModelSummary = false,
        NumSanityValSteps = 0,
        LimitValBatches = Limit.None,
        MaxSteps = steps,
        MaxEpochs = -1,
        MinSteps = null,
        MinEpochs = null,
        MaxTime = null,
        ValidateAtStart = false,
        ValidateAtEnd = false,
        Seed = null,
        FastDevRun = default,
        OverfitBatches = Limit.None,
    })
    { IsTrial = true };
}
