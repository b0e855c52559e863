using LightningSharp.Logging;

namespace LightningSharp.Report.Runs;

/// <summary>One run folder, read from all its sources. A metric that several sources have is taken from the most exact one: CSV, then JSON lines, then event files.</summary>
internal sealed class Run : IDisposable
{
    private readonly RunContent[] _contents = [new(), new(), new()];
    private readonly CsvSource _csv;
    private readonly JsonLinesSource _json;
    private readonly EventFilesSource _events;

    internal Run(string directory)
    {
        Directory = Path.GetFullPath(directory);
        _csv = new(Path.Combine(Directory, CsvLogger.FileName), _contents[0]);
        _json = new(Directory, _contents[1]);
        _events = new(Directory, _contents[2]);
    }

    internal string Directory { get; }

    /// <summary>Counts the refreshes that brought something new.</summary>
    internal long Version { get; private set; }

    internal IEnumerable<string> Names => _contents.SelectMany(c => c.Series.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    internal IReadOnlyList<PictureEntry> Pictures => First(c => c.Pictures);

    internal IReadOnlyList<(string Name, long Step, HistogramData Data)> Histograms => First(c => c.Histograms);

    internal IReadOnlyList<(string Name, long Step, string Text)> Texts => First(c => c.Texts);

    internal IReadOnlyList<TableEntry> Tables => First(c => c.Tables);

    /// <summary><c>running</c>, <c>Succeeded</c>, <c>Interrupted</c>, <c>Failed</c>; null when the files do not say.</summary>
    internal string? Status => _contents[1].Status ?? Record.Status;

    internal IReadOnlyList<KeyValuePair<string, string>> Environment => _contents[1].Environment is { Count: > 0 } logged ? logged : Record.Environment;

    /// <summary>What the Trainer wrote about the run, read anew each time: it is small and changes when the run ends.</summary>
    internal RecordedRun Record => RecordedRun.Read(Directory);

    internal string HyperParameters => ReadText(HyperParametersFile.FileName);

    internal IEnumerable<FileInfo> Checkpoints
    {
        get
        {
            var folder = new DirectoryInfo(Path.Combine(Directory, "checkpoints"));
            return folder.Exists ? folder.EnumerateFiles().OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal) : [];
        }
    }

    internal Series? Find(string name)
    {
        foreach (var content in _contents)
        {
            if (content.Series.TryGetValue(name, out var series) && series.Count > 0)
            {
                series.Sort();
                return series;
            }
        }

        return null;
    }

    /// <summary>Reads what was added since the last time.</summary>
    internal bool Refresh()
    {
        // a bitwise or: all three must be read
        var changed = _csv.Refresh() | _json.Refresh() | _events.Refresh();
        Version += changed ? 1 : 0;
        return changed;
    }

    public void Dispose() => _events.Dispose();

    private IReadOnlyList<T> First<T>(Func<RunContent, IReadOnlyList<T>> list)
    {
        foreach (var content in _contents)
        {
            if (list(content) is { Count: > 0 } found)
            {
                return found;
            }
        }

        return [];
    }

    private string ReadText(string name)
    {
        const long Largest = 1024 * 1024;
        var file = new FileInfo(Path.Combine(Directory, name));
        return file is { Exists: true, Length: < Largest } ? File.ReadAllText(file.FullName) : "";
    }
}
