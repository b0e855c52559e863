using Microsoft.Extensions.Logging;

namespace LightningSharp.Hosting;

/// <summary>What the host's loggers hear of the run itself.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(1, LogLevel.Information, "Training begins ({From}).")]
    public static partial void Begins(this ILogger log, string from);

    [LoggerMessage(2, LogLevel.Information, "Training has ended: {Reason} (exit code {Code}).")]
    public static partial void Ended(this ILogger log, string reason, int code);

    [LoggerMessage(3, LogLevel.Warning, "Training has ended: {Reason} (exit code {Code}); {Lost} checkpoints could not be written, see FitResult.FailedSaves.")]
    public static partial void EndedWithLostSaves(this ILogger log, string reason, int code, int lost);

    [LoggerMessage(4, LogLevel.Critical, "Training has failed (exit code {Code}).")]
    public static partial void Failed(this ILogger log, Exception exception, int code);

    [LoggerMessage(5, LogLevel.Warning, "The host stops and the batch did not end in time: saved the state after step {Step} to {Path}.")]
    public static partial void SavedBoundary(this ILogger log, long step, string path);

    [LoggerMessage(6, LogLevel.Warning, "The host stops and the batch did not end in time; there was no step boundary to save. The last checkpoint is the one before.")]
    public static partial void NothingSaved(this ILogger log);

    [LoggerMessage(7, LogLevel.Error, "The host stops and the batch did not end in time; the state of the step before it could not be saved.")]
    public static partial void SaveFailed(this ILogger log, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "The run is still inside a batch after the host's {Seconds} s: it is left behind, and the process ends with code {Code}.")]
    public static partial void Abandoned(this ILogger log, string seconds, int code);
}
