namespace LightningSharp.Logging;

/// <summary>
/// The way to ask something of a training process from another one, a browser page or a shell: an empty file in the run's folder,
/// <c>control.stop</c> or <c>control.save</c>. The Trainer looks for them about once a second and deletes what it has seen.
/// </summary>
/// <example><code lang="sh">touch lightning_logs/version_3/control.stop</code></example>
public static class RunControl
{
    private const string StopFile = "control.stop";
    private const string SaveFile = "control.save";

    /// <summary>Asks. Asking again before the Trainer has looked changes nothing.</summary>
    /// <param name="runDirectory">The run's folder, see <see cref="RunInfo.Directory"/>.</param>
    /// <param name="requests">What to ask for.</param>
    public static void Ask(string runDirectory, RunRequests requests)
    {
        ArgumentException.ThrowIfNullOrEmpty(runDirectory);
        if (requests.HasFlag(RunRequests.Save))
        {
            File.WriteAllBytes(Path.Combine(runDirectory, SaveFile), []);
        }

        if (requests.HasFlag(RunRequests.Stop))
        {
            File.WriteAllBytes(Path.Combine(runDirectory, StopFile), []);
        }
    }

    /// <summary>What has been asked since the last call. Costs two look-ups of a file: call it by the clock, not per batch.</summary>
    public static RunRequests Take(string runDirectory)
    {
        ArgumentException.ThrowIfNullOrEmpty(runDirectory);
        return (Took(runDirectory, SaveFile) ? RunRequests.Save : 0) | (Took(runDirectory, StopFile) ? RunRequests.Stop : 0);
    }

    private static bool Took(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // it cannot be taken back, so it must not be obeyed at every look: the folder is not ours to write
            return false;
        }
    }
}
