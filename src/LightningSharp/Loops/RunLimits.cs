using System.Diagnostics;

namespace LightningSharp.Loops;

/// <summary>When training is over, and when it may be.</summary>
internal sealed class RunLimits(TrainerOptions options)
{
    private readonly Duration? _max = options.MaxDuration;
    private readonly Duration? _min = options.MinDuration;
    private readonly int _minEpochs = options.MinEpochs ?? 0;
    private readonly long _minSteps = options.MinSteps ?? 0;
    private TimeSpan _used;
    private long _start;

    public int? MaxEpochs { get; set; } = options.MaxEpochs < 0 ? null : options.MaxEpochs;

    public long? MaxSteps { get; set; } = options.MaxSteps < 0 ? null : options.MaxSteps;

    public TimeSpan? MaxTime => options.MaxTime;

    /// <summary>From <see cref="TrainerOptions.MaxDuration"/>; a part of an epoch is known when its length is.</summary>
    public long? MaxBatches { get; private set; } = options.MaxDuration is { Unit: DurationUnit.Batches } limit ? (long)limit.Amount : null;

    /// <summary>From <see cref="TrainerOptions.MaxDuration"/>.</summary>
    public long? MaxSamples { get; } = options.MaxDuration is { Unit: DurationUnit.Samples } limit ? (long)limit.Amount : null;

    /// <summary>Time of training that earlier parts of a resumed run, and earlier calls of <c>Fit</c>, have used.</summary>
    public TimeSpan UsedBefore
    {
        get => _used;
        set => _used = value;
    }

    public TimeSpan Elapsed => _used + (_start == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_start));

    public bool TimeIsUp => options.MaxTime is { } limit && Elapsed >= limit;

    /// <summary>Training begins: its time runs.</summary>
    public void StartClock() => _start = Stopwatch.GetTimestamp();

    /// <summary>Training has ended, however.</summary>
    public void StopClock() => (_used, _start) = (Elapsed, 0);

    /// <exception cref="MisconfigurationException">A part of an epoch whose length nobody knows.</exception>
    public void SetEpochLength(int? batches)
    {
        if (_max is not { Unit: DurationUnit.EpochFraction } part) return;
        MaxBatches = batches is { } count ? Math.Max(1, (long)(count * part.Amount)) : throw new MisconfigurationException(
            $"{nameof(TrainerOptions.MaxDuration)} = {part} needs a training loader whose length is known. Use Duration.Batches(n), or another unit.");
    }

    public bool IsSpent(Progress progress) => Reason(progress) != StopReason.None;

    /// <summary>Which limit is reached, between epochs.</summary>
    public StopReason Reason(Progress progress)
        => progress.GlobalStep >= MaxSteps ? StopReason.MaxSteps
            : progress.Epoch >= MaxEpochs ? StopReason.MaxEpochs
            : IsSpentInEpoch(progress) ? StopReason.MaxDuration : StopReason.None;

    /// <summary>Whether a limit that does not wait for the end of an epoch is reached.</summary>
    public bool IsSpentInEpoch(Progress progress)
        => progress.GlobalStep >= MaxSteps || progress.BatchesSeen >= MaxBatches || progress.SamplesSeen >= MaxSamples;

    /// <summary>Whether a request to stop may be followed now.</summary>
    public bool CanStopEarly(Progress progress) => progress.Epoch >= _minEpochs && progress.GlobalStep >= _minSteps && _min switch
    {
        { Unit: DurationUnit.Batches } batches => progress.BatchesSeen >= batches.Amount,
        { Unit: DurationUnit.Samples } samples => progress.SamplesSeen >= samples.Amount,
        { Unit: DurationUnit.Time } time => Elapsed.TotalSeconds >= time.Amount,
        _ => true, // epochs and steps are in MinEpochs and MinSteps
    };

    public bool IsLastStep(Progress progress, bool lastBatch) => IsSpentInEpoch(progress) || TimeIsUp || (lastBatch && progress.Epoch + 1 >= MaxEpochs);

    /// <summary>Which part of the run is done, 0 to 1, by the limit that is nearest to being reached; null without a limit.</summary>
    public double? FractionDone(Progress progress, int? epochBatches)
    {
        double? done = null;
        if (MaxEpochs is { } epochs) Consider((progress.Epoch + (epochBatches is > 0 and var length ? (double)progress.BatchInEpoch / length : 0)) / epochs);
        if (MaxSteps is { } steps) Consider((double)progress.GlobalStep / steps);
        if (MaxBatches is { } batches) Consider((double)progress.BatchesSeen / batches);
        if (MaxSamples is { } samples) Consider((double)progress.SamplesSeen / samples);
        if (options.MaxTime is { } time) Consider(Elapsed / time);
        return done;

        void Consider(double part) => done = Math.Clamp(double.IsNaN(part) ? 1 : part, done ?? 0, 1);
    }

    public string MinimumText => _min is { Unit: not (DurationUnit.Epochs or DurationUnit.Steps) } ? $"{nameof(TrainerOptions.MinDuration)} = {_min}" : $"MinEpochs = {_minEpochs}, MinSteps = {_minSteps}";
}
