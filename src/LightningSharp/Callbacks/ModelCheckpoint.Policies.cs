using System.Globalization;

namespace LightningSharp.Callbacks;

/// <content>The usual policies by name.</content>
public sealed partial class ModelCheckpoint
{
    /// <summary>Keeps the best <paramref name="k"/> files by a metric.</summary>
    /// <param name="monitor">The key of a logged value.</param>
    /// <param name="mode">Whether less or more is better.</param>
    /// <param name="k">How many.</param>
    /// <param name="dirPath">See <see cref="DirPath"/>.</param>
    /// <param name="filename">See <see cref="Filename"/>.</param>
    public static ModelCheckpoint Best(string monitor, MonitorMode mode = MonitorMode.Min, int k = 1, string? dirPath = null, string? filename = null)
        => new() { Monitor = monitor, Mode = mode, SaveTopK = k, DirPath = dirPath, Filename = filename };

    /// <summary>Keeps the latest <paramref name="k"/> files, saved every so often.</summary>
    /// <param name="k">How many.</param>
    /// <param name="every">Epochs, steps or time; null for every epoch.</param>
    /// <param name="dirPath">See <see cref="DirPath"/>.</param>
    /// <param name="filename">See <see cref="Filename"/>.</param>
    public static ModelCheckpoint Latest(int k = 1, Every? every = null, string? dirPath = null, string? filename = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var callback = At(every ?? Every.Epochs(1), saveTopK: 1, dirPath, filename);
        callback._latest = k;
        if (k > 1) callback._policy = string.Create(CultureInfo.InvariantCulture, $", 'latest': {k}");
        return callback;
    }

    /// <summary>Saves when something happens, and only then; keeps the latest such file.</summary>
    /// <param name="events">What makes it save.</param>
    /// <param name="dirPath">See <see cref="DirPath"/>.</param>
    /// <param name="filename">See <see cref="Filename"/>.</param>
    public static ModelCheckpoint OnEvents(CheckpointEvents events, string? dirPath = null, string? filename = null)
        => new() { Events = events, _eventsOnly = true, DirPath = dirPath, Filename = filename };

    /// <summary>Saves every so often (epochs, steps, time) and keeps all files.</summary>
    /// <param name="every">Epochs, steps or time.</param>
    /// <param name="dirPath">See <see cref="DirPath"/>.</param>
    /// <param name="filename">See <see cref="Filename"/>.</param>
    public static ModelCheckpoint Periodic(Every every, string? dirPath = null, string? filename = null) => At(every, saveTopK: -1, dirPath, filename);

    /// <summary>
    /// Keeps one file that is replaced as training goes on and deleted when it ends by itself: for jobs that are interrupted and started again with
    /// <see cref="Resume.Auto"/>, and that start afresh once they were done.
    /// </summary>
    /// <param name="every">Epochs, steps or time; null for every epoch.</param>
    /// <param name="dirPath">See <see cref="DirPath"/>.</param>
    /// <param name="filename">See <see cref="Filename"/>.</param>
    public static ModelCheckpoint Backup(Every? every = null, string? dirPath = null, string filename = "backup")
        => new() { SaveEvery = every ?? Every.Epochs(1), DirPath = dirPath, Filename = filename, DeleteWhenDone = true, _policy = ", 'backup': True" };

    private static ModelCheckpoint At(Every every, int saveTopK, string? dirPath, string? filename)
        => new() { SaveEvery = every, SaveTopK = saveTopK, DirPath = dirPath, Filename = filename };
}
