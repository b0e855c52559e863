using System.Globalization;

namespace LightningSharp.Native;

/// <summary>How much memory this process may still take: the system's, or what its control group (container) leaves, whichever is less.</summary>
internal static class FreeMemory
{
    /// <summary>Bytes; 0 when unknown.</summary>
    public static long Read() => Read("/");

    internal static long Read(string root)
    {
        var available = Meminfo(Path.Combine(root, "proc/meminfo"));
        foreach (var (folder, limit, used) in (ReadOnlySpan<(string, string, string)>)
            [
                ("sys/fs/cgroup", "memory.max", "memory.current"),
                (OwnGroup(root), "memory.max", "memory.current"),
                ("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
            ])
        {
            var group = Path.Combine(root, folder);
            if (Number(Path.Combine(group, limit)) is not { } maximum || Number(Path.Combine(group, used)) is not { } current) continue;

            // Cached files count as used but are given up first.
            var cached = Field(Path.Combine(group, "memory.stat"), "inactive_file") ?? 0;
            available = Math.Min(available, Math.Max(0, maximum - current + cached));
        }

        return available;
    }

    // Outside a container the process sits deeper in the tree: "0::/user.slice/..." (version 2).
    private static string OwnGroup(string root)
    {
        var line = (Text(Path.Combine(root, "proc/self/cgroup")) ?? "").Split('\n').FirstOrDefault(text => text.StartsWith("0::/", StringComparison.Ordinal));
        return Path.Combine("sys/fs/cgroup", line is null ? "" : line[4..].Trim());
    }

    private static long Meminfo(string path) => Field(path, "MemAvailable:") is { } kilobytes ? kilobytes * 1024 : 0;

    private static long? Number(string path)
        => Text(path) is { } text && long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static long? Field(string path, string name)
    {
        foreach (var line in (Text(path) ?? "").Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0] == name && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
        }

        return null;
    }

    private static string? Text(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
