using System.Globalization;

namespace LightningSharp.Diagnostics;

/// <summary>
/// Watches the memory limit that applies to this process: the control group's (version 2 or 1, every level above it too), else the machine's.
/// The kernel kills without a word; this warns at 85 % and asks for the end at 95 %.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    public const double WarnAt = 0.85, StopAt = 0.95;
    /// <summary>Where the system's files lie; tests of whole runs put others there.</summary>
    internal static string Root { get; set; } = "/";

    private const long PollEvery = 500;
    private const long Unlimited = 1L << 60; // version 1 says "no limit" with a number near 2^63

    private readonly ProcFile _resident;
    private readonly ProcFile? _machine;
    private readonly List<Limit> _limits;
    private long _polledAt = long.MinValue / 2;

    /// <summary>Reads the limits once.</summary>
    /// <param name="given">The folder that holds <c>proc</c> and <c>sys</c>; null for <see cref="Root"/>.</param>
    public MemoryWatch(string? given = null)
    {
        var root = given ?? Root;
        _resident = new ProcFile(Path.Combine(root, "proc/self/statm"));
        _limits = FindLimits(root);
        var machine = new ProcFile(Path.Combine(root, "proc/meminfo"));
        if (machine.Exists) _machine = machine;
    }

    /// <summary>Bytes of this process in memory at the last poll.</summary>
    public long Resident { get; private set; }

    /// <summary>Bytes that count against <see cref="Limits"/> at the last poll.</summary>
    public long Used { get; private set; }

    /// <summary>The tightest limit in bytes at the last poll; 0 when none is known (not Linux).</summary>
    public long Limits { get; private set; }

    /// <summary>The level at the last poll.</summary>
    public MemoryLevel Level { get; private set; }

    /// <summary>Reads the counters at most twice a second; between that it costs a clock read. Allocates nothing.</summary>
    public MemoryLevel Poll()
    {
        var now = Environment.TickCount64;
        if (now - _polledAt < PollEvery) return Level;
        _polledAt = now;
        return Read();
    }

    /// <summary>Reads the counters now.</summary>
    public MemoryLevel Read()
    {
        Resident = _resident.Exists ? _resident.Number(field: 1) * Environment.SystemPageSize : Environment.WorkingSet;
        var worst = 0.0;
        foreach (var limit in _limits)
        {
            // Pages of files that nobody touched lately are given up before anybody is killed.
            var used = Math.Max(0, limit.Usage.Number(0) - limit.Statistics.Number(limit.InactiveKey));
            Consider(used, limit.Bytes, ref worst);
        }

        if (_machine is not null)
        {
            var total = _machine.Number("MemTotal:") * 1024;
            if (total > 0) Consider(total - (_machine.Number("MemAvailable:") * 1024), total, ref worst);
        }

        Level = worst >= StopAt ? MemoryLevel.Stop : worst >= WarnAt ? MemoryLevel.Warn : MemoryLevel.Normal;
        return Level;
    }

    /// <summary>One line for people: <c>3.9 of 4.0 GiB (97 %), this process 3.7 GiB</c>.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture,
            $"{Gibibytes(Used):0.0} of {Gibibytes(Limits):0.0} GiB ({(Limits == 0 ? 0 : 100.0 * Used / Limits):0} %), this process {Gibibytes(Resident):0.0} GiB");

    /// <inheritdoc/>
    public void Dispose()
    {
        _resident.Dispose();
        _machine?.Dispose();
        foreach (var limit in _limits)
        {
            limit.Usage.Dispose();
            limit.Statistics.Dispose();
        }
    }

    private static double Gibibytes(long bytes) => bytes / (double)(1L << 30);

    private void Consider(long used, long limit, ref double worst)
    {
        var share = (double)used / limit;
        if (share < worst) return;
        worst = share;
        (Used, Limits) = (used, limit);
    }

    private static List<Limit> FindLimits(string root)
    {
        var limits = new List<Limit>();
        var groups = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(groups)) return limits;
        foreach (var line in File.ReadLines(groups))
        {
            // "0::/path" is version 2; "4:memory:/path" is version 1.
            var parts = line.Split(':', 3);
            if (parts.Length != 3) continue;
            var isSecond = parts[0] == "0" && parts[1].Length == 0;
            if (isSecond) AddLevels(limits, Path.Combine(root, "sys/fs/cgroup"), parts[2], "memory.max", "memory.current", "inactive_file");
            else if (parts[1].Split(',').Contains("memory"))
                AddLevels(limits, Path.Combine(root, "sys/fs/cgroup/memory"), parts[2], "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
        }

        return limits;
    }

    private static void AddLevels(List<Limit> limits, string mount, string group, string limitFile, string usageFile, string inactiveKey)
    {
        // In a container the path often lies outside of what is mounted; the mount itself then is the container's own group.
        for (var folder = group.Trim('/'); ; folder = Path.GetDirectoryName(folder) ?? "")
        {
            var path = Path.Combine(mount, folder, limitFile);
            if (File.Exists(path) && long.TryParse(File.ReadAllText(path).Trim(), out var bytes) && bytes is > 0 and < Unlimited)
                limits.Add(new(bytes, new ProcFile(Path.Combine(mount, folder, usageFile)), new ProcFile(Path.Combine(mount, folder, "memory.stat")), inactiveKey));
            if (folder.Length == 0) return;
        }
    }

    private readonly record struct Limit(long Bytes, ProcFile Usage, ProcFile Statistics, string InactiveKey);
}
