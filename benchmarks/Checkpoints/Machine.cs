using System.Diagnostics;

namespace LightningSharp.Benchmarks.Checkpoints;

/// <summary>What the machine says about itself.</summary>
internal static class Machine
{
    /// <summary>The load of the last minute, where the system tells it.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    /// <summary>By how many bytes resident memory grew at most while something ran, sampled every millisecond by another thread.</summary>
    public static long Growth(Action action)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var (start, peak, done) = (process.WorkingSet64, 0L, false);
        var sampler = new Thread(() =>
        {
            using var self = Process.GetCurrentProcess();
            while (!Volatile.Read(ref done))
            {
                self.Refresh();
                peak = Math.Max(peak, self.WorkingSet64);
                Thread.Sleep(1);
            }
        });
        sampler.Start();
        action();
        Volatile.Write(ref done, true);
        sampler.Join();
        return Math.Max(0, peak - start);
    }
}
