namespace LightningSharp.Logging;

/// <summary>What was logged in one loop (training or an evaluation) since its last reset.</summary>
internal sealed class ResultSet : IDisposable
{
    private readonly Dictionary<(HookId Hook, string Name, int Loader), MetricEntry> _byKey = [];
    private readonly List<MetricEntry> _entries = [];
    private readonly Dictionary<MetricEntry, int> _loaders = [];

    public List<MetricEntry> Entries => _entries;

    public MetricEntry? Find(HookId hook, string name, int loader) => _byKey.GetValueOrDefault((hook, name, loader));

    public void Add(HookId hook, string name, int loader, MetricEntry entry)
    {
        _byKey.Add((hook, name, loader), entry);
        _entries.Add(entry);
        _loaders.Add(entry, loader);
    }

    public int LoaderOf(MetricEntry entry) => _loaders[entry];

    /// <summary>Forgets the values of one hook, as its next epoch begins.</summary>
    public void Reset(HookId hook)
    {
        foreach (var entry in _entries)
        {
            if (entry.Hook == hook) entry.Reset(resetMetric: false);
        }
    }

    /// <summary>Forgets everything; metric objects start anew.</summary>
    public void Clear()
    {
        foreach (var entry in _entries)
        {
            entry.Reset(resetMetric: true);
            entry.Dispose();
        }

        _entries.Clear();
        _byKey.Clear();
        _loaders.Clear();
    }

    public void Dispose() => Clear();
}
