using LightningSharp.Logging;
using LightningSharp.Report.Runs;

namespace LightningSharp.Dashboard.Runs;

/// <summary>The runs below a folder. A run is only ever found by the name that this catalog gave it, so no path of a request reaches the disk.</summary>
internal sealed class RunCatalog(string root) : IDisposable
{
    private const int DeepestLevel = 8;
    private const int MostRuns = 10_000;
    private const int MostOpenRuns = 64;

    private readonly string _root = Path.GetFullPath(root);
    private readonly Dictionary<string, Run> _open = new(StringComparer.Ordinal);
    private readonly Queue<string> _openOrder = new();
    private readonly Dictionary<string, (DateTime Written, IReadOnlyList<KeyValuePair<string, string>> Values)> _hyperParameters = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Name (the path below the root) and time of the last change, newest first.</summary>
    internal IReadOnlyList<(string Id, DateTime Changed)> List()
    {
        List<(string, DateTime)> runs = [];
        if (Directory.Exists(_root))
        {
            Visit(new(_root), 0, runs);
        }

        return [.. runs.OrderByDescending(r => r.Item2).ThenBy(r => r.Item1, StringComparer.Ordinal)];
    }

    /// <summary>The runs that a filter lets through, newest first; hyper-parameters are read again only when their file has changed.</summary>
    internal IReadOnlyList<(string Id, DateTime Changed)> List(RunFilter filter)
        => [.. List().Where(run => filter.Holds(run.Id, filter.NeedsHyperParameters ? HyperParameters(run.Id) : []))];

    /// <summary>Names and values of the hyper-parameters of a run of <see cref="List()"/>; empty when it has none.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> HyperParameters(string id)
    {
        const long Largest = 1024 * 1024;
        var file = new FileInfo(Path.Combine(_root, id, HyperParametersFile.FileName));
        lock (_gate)
        {
            try
            {
                if (!file.Exists || file.LinkTarget is not null || file.Length > Largest) return [];
                if (!_hyperParameters.TryGetValue(id, out var known) || known.Written != file.LastWriteTimeUtc)
                {
                    _hyperParameters[id] = known = (file.LastWriteTimeUtc, HyperParameterText.Read(File.ReadAllText(file.FullName)));
                }

                return known.Values;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return []; // deleted or locked meanwhile: as if it had none
            }
        }
    }

    /// <summary>Does something with a run, refreshed; only one caller at a time. False when there is no such run.</summary>
    internal bool Use(string id, Action<Run> use)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(id, out var run))
            {
                if (!List().Any(known => known.Id == id))
                {
                    return false;
                }

                run = new(Path.Combine(_root, id));
                _open[id] = run;
                _openOrder.Enqueue(id);
                CloseOldest();
            }

            try
            {
                run.Refresh();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // deleted or locked while it was open: as if it were not there
                _open.Remove(id);
                run.Dispose();
                return false;
            }

            use(run);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var run in _open.Values)
            {
                run.Dispose();
            }

            _open.Clear();
        }
    }

    private void CloseOldest()
    {
        while (_open.Count > MostOpenRuns && _openOrder.TryDequeue(out var id))
        {
            if (_open.Remove(id, out var old))
            {
                old.Dispose();
            }
        }
    }

    private void Visit(DirectoryInfo folder, int level, List<(string, DateTime)> runs)
    {
        try
        {
            var changed = folder.EnumerateFiles()
                .Where(f => f.Name is CsvLogger.FileName or JsonLinesLogger.FileName || f.Name.StartsWith("events.out.tfevents.", StringComparison.Ordinal))
                .Select(f => f.LastWriteTimeUtc).DefaultIfEmpty().Max();
            if (changed != default && runs.Count < MostRuns)
            {
                runs.Add((Path.GetRelativePath(_root, folder.FullName).Replace('\\', '/'), changed));
            }

            foreach (var child in folder.EnumerateDirectories())
            {
                // a link could lead out of the root, or round in a circle
                if (level < DeepestLevel && child.LinkTarget is null && child.Name is not ("checkpoints" or "media"))
                {
                    Visit(child, level + 1, runs);
                }
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // a folder that cannot be read has no runs for this user
        }
    }
}
