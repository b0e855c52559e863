using System.Diagnostics;

namespace LightningSharp.Loops;

/// <summary>When training is over.</summary>
internal sealed class RunLimits(int? maxEpochs, int minEpochs, long? maxSteps, long minSteps, TimeSpan? maxTime)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public int? MaxEpochs { get; set; } = maxEpochs;

    public long? MaxSteps { get; set; } = maxSteps;

    /// <summary>Time that earlier parts of a resumed run have used.</summary>
    public TimeSpan UsedBefore { get; set; }

    public TimeSpan Elapsed => UsedBefore + Stopwatch.GetElapsedTime(_start);

    public bool TimeIsUp => maxTime is { } limit && Elapsed >= limit;

    public bool IsSpent(Progress progress) => Reason(progress) != StopReason.None;

    /// <summary>Which limit is reached, between epochs.</summary>
    public StopReason Reason(Progress progress)
        => progress.GlobalStep >= MaxSteps ? StopReason.MaxSteps : progress.Epoch >= MaxEpochs ? StopReason.MaxEpochs : StopReason.None;

    /// <summary>Whether a request to stop may be followed now.</summary>
    /// <param name="progress">Where the run is.</param>
    /// <param name="insideEpoch">In mid-epoch the current epoch does not count as done.</param>
    public bool CanStopEarly(Progress progress, bool insideEpoch) => progress.Epoch >= minEpochs && progress.GlobalStep >= minSteps;

    public bool IsLastStep(Progress progress, bool lastBatch)
        => progress.GlobalStep >= MaxSteps || TimeIsUp || (lastBatch && progress.Epoch + 1 >= MaxEpochs);

    public string MinimumText => $"MinEpochs = {minEpochs}, MinSteps = {minSteps}";
}
