namespace LightningSharp.Callbacks;

/// <summary>Whether step values of the current training batch go to the loggers: callbacks that write themselves keep the same rhythm.</summary>
internal static class LogSteps
{
    public static bool IsDue(Trainer trainer)
    {
        var interval = trainer.Options.LogEveryNSteps ?? Math.Min(50, trainer.NumTrainingBatches ?? 50);
        return interval > 0 && ((trainer.Progress.StepBatches + 1) % interval == 0 || trainer.ShouldStop);
    }
}
