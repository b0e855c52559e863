namespace LightningSharp.Terminal;

/// <summary>Times one stage: how long it ran, how long of that was something else (validation inside an epoch), how long it waited for batches.</summary>
internal sealed class StageClock(TimeProvider time)
{
    private long _start;
    private long _pause;
    private long _paused;
    private long _lastEnd;
    private long _waited;

    public long Now => time.GetTimestamp();

    /// <summary>With what was taken out.</summary>
    public TimeSpan Total => time.GetElapsedTime(_start);

    /// <summary>Without it.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(0, Math.Max(0, (_pause != 0 ? _pause : Now) - _start - _paused));

    public double DataShare => Elapsed.Ticks is > 0 and var ticks ? Math.Clamp(time.GetElapsedTime(0, _waited).Ticks / (double)ticks, 0, 1) : 0;

    public void Start() => (_start, _pause, _paused, _lastEnd, _waited) = (Now, 0, 0, Now, 0);

    public void BatchStarts()
    {
        if (_lastEnd != 0) _waited += Now - _lastEnd;
    }

    public void BatchEnds() => _lastEnd = Now;

    public void Pause() => _pause = Now;

    public void Resume()
    {
        if (_pause != 0) _paused += Now - _pause;
        (_pause, _lastEnd) = (0, Now);
    }
}
