namespace LightningSharp.Terminal;

/// <summary>The end of a run.</summary>
/// <param name="Reason">Why it ended, for people.</param>
/// <param name="Elapsed">Wall time of the call.</param>
/// <param name="Best">The monitored metric's best value, when something monitors one.</param>
/// <param name="Checkpoint">The best checkpoint, or the latest.</param>
/// <param name="RunDirectory">The run's folder; null when nothing was written.</param>
/// <param name="IsCanceled">Somebody ended it early: the reason is the place where it was.</param>
internal sealed record FinishFacts(
    string Reason, TimeSpan Elapsed, KeyValuePair<string, double>? Best, string? Checkpoint, string? RunDirectory, bool IsCanceled = false);
