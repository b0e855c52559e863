using System.Globalization;

namespace LightningSharp.Benchmarks;

/// <summary>What the system counted for this process so far: page faults, time in the kernel, resident memory. Zero where there is no /proc.</summary>
internal readonly record struct ProcessCost(long Faults, double SystemMilliseconds, double ResidentMegabytes)
{
    private const double MillisecondsPerTick = 10; // 100 clock ticks a second on Linux

    public static ProcessCost Now()
    {
        if (!File.Exists("/proc/self/stat")) return new(0, 0, Environment.WorkingSet / 1e6);

        // "man proc": field 10 minor faults, 12 major, 15 system time; names may hold spaces, so count from the bracket.
        var text = File.ReadAllText("/proc/self/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new(Number(fields[7]) + Number(fields[9]), Number(fields[12]) * MillisecondsPerTick, Environment.WorkingSet / 1e6);
    }

    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
