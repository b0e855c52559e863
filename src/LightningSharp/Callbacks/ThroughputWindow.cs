using System.Diagnostics;

namespace LightningSharp.Callbacks;

/// <summary>Totals, and the latest batches with the time at which each was done.</summary>
internal sealed class ThroughputWindow(int size)
{
    private readonly Queue<(double Time, long Samples, long Lengths)> _latest = new();
    private long _start = Stopwatch.GetTimestamp();
    private long _batches;
    private long _samples;
    private long _lengths;
    private long _pausedAt;

    public long Batches => _batches;

    private double Now => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    public void Add(int samples, long lengths)
    {
        (_batches, _samples, _lengths) = (_batches + 1, _samples + samples, _lengths + lengths);
        _latest.Enqueue((Now, _samples, _lengths));
        if (_latest.Count > size) _latest.Dequeue();
    }

    /// <summary>Time that does not count: the start moves on by it.</summary>
    public void Exclude(TimeSpan time) => _start += (long)(time.TotalSeconds * Stopwatch.Frequency);

    public void Pause() => _pausedAt = Stopwatch.GetTimestamp();

    public void Resume() => Exclude(Stopwatch.GetElapsedTime(_pausedAt));

    public Dictionary<string, double> Values(string prefix, bool withLengths, double? flopsPerBatch, double? peakFlops)
    {
        var values = new Dictionary<string, double> { [$"{prefix}/time"] = Now, [$"{prefix}/batches"] = _batches, [$"{prefix}/samples"] = _samples };
        if (withLengths) values[$"{prefix}/lengths"] = _lengths;
        if (_latest.Count < 2) return values;
        var (first, last) = (_latest.Peek(), _latest.Last());
        var seconds = last.Time - first.Time;
        if (seconds <= 0) return values;
        values[$"{prefix}/device/batches_per_sec"] = (_latest.Count - 1) / seconds;
        values[$"{prefix}/device/samples_per_sec"] = (last.Samples - first.Samples) / seconds;
        if (withLengths) values[$"{prefix}/device/items_per_sec"] = (last.Lengths - first.Lengths) / seconds;
        if (flopsPerBatch is not { } flops) return values;
        var perSecond = flops * (_latest.Count - 1) / seconds;
        values[$"{prefix}/device/flops_per_sec"] = perSecond;
        if (peakFlops is { } peak) values[$"{prefix}/device/mfu"] = perSecond / peak;
        return values;
    }
}
