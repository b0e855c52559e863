namespace LightningSharp;

/// <summary>What <c>Fit</c> gives back.</summary>
public sealed record FitResult
{
    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The same for people.</summary>
    public required string StopMessage { get; init; }

    /// <summary>Where it ended.</summary>
    public required Progress Progress { get; init; }

    /// <summary>The last value of every logged metric.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The metrics of every epoch of this call.</summary>
    public required TrainingHistory History { get; init; }

    /// <summary>The folder of the run's files; null when nothing was written.</summary>
    public required string? RunDirectory { get; init; }

    /// <summary>The best checkpoint, or the latest when none was monitored; null when none was written.</summary>
    public required string? BestCheckpoint { get; init; }

    /// <summary>Checkpoints that could not be written, each with its reason; training went on without them.</summary>
    public IReadOnlyList<string> FailedSaves { get; init; } = [];

    /// <summary>What a program that ran this training should return: see <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; init; }

    /// <summary>Wall time of the call.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Why it ended, where, the metrics and the best checkpoint, in one line.</summary>
    public override string ToString()
        => $"{StopReason} ({StopMessage}) after {Progress.Epoch} epoch{(Progress.Epoch == 1 ? string.Empty : "s")}, {Progress.GlobalStep} step{(Progress.GlobalStep == 1 ? string.Empty : "s")}: {NamedNumbers.Text(Metrics)}{(BestCheckpoint is null ? string.Empty : $"; {BestCheckpoint}")}";
}
