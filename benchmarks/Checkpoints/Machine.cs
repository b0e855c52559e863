using System.Diagnostics;
using System.Globalization;

namespace LightningSharp.Benchmarks.Checkpoints;

/// <summary>What the machine says about itself.</summary>
internal static class Machine
{
    /// <summary>The load of the last minute, where the system tells it.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    /// <summary>By how many bytes resident memory grew at most while something ran: Linux keeps the peak, elsewhere another thread looks every millisecond.</summary>
    public static long Growth(Action action)
    {
        if (!File.Exists("/proc/self/clear_refs")) return Sampled(action);
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts anew
        var start = Status("VmHWM:");
        action();
        return Math.Max(0, Status("VmHWM:") - start);
    }

    private static long Status(string name)
        => long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;

    private static long Sampled(Action action)
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
