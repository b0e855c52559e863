namespace LightningSharp.Profiling;

/// <summary>Ends an action when disposed; nothing without a profiler.</summary>
internal readonly struct ProfiledScope(ProfilerSeam? seam, string name) : IDisposable
{
    public void Dispose() => seam?.Close(name);
}
