namespace LightningSharp.Logging;

/// <summary>Where a logger of files writes: a folder of its own, made on first use so that an unused logger leaves nothing behind, or the run's.</summary>
internal sealed class LogDirectory(string? saveDir, string? name, string? version)
{
    private RunInfo? _own;

    /// <summary>The logger's own folder, made now if need be; null when it follows the run.</summary>
    internal string? Own => saveDir is null ? null : (_own ??= RunFolder.Allocate(saveDir, name, version)).Directory;

    internal string For(RunInfo run)
    {
        var directory = Own ?? run.Directory;
        Directory.CreateDirectory(directory);
        return directory;
    }
}
