namespace LightningSharp.Terminal;

/// <summary>A run that an exception ended.</summary>
/// <param name="IsCanceled">Somebody asked for it.</param>
/// <param name="Exception">The exception's type.</param>
/// <param name="Message">The first line of its message.</param>
/// <param name="Place">Where training was.</param>
/// <param name="Elapsed">Wall time until then.</param>
/// <param name="RunDirectory">The run's folder; null when nothing was written.</param>
internal sealed record FailureFacts(bool IsCanceled, string Exception, string Message, string Place, TimeSpan Elapsed, string? RunDirectory);
