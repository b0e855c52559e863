namespace LightningSharp.Tests.Profiling;

/// <summary>A clock that goes on by one millisecond whenever it is read.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => ++_now;
}
