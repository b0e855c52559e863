namespace LightningSharp.Logging;

/// <summary>What was logged in one loop (training or an evaluation) since its last reset.</summary>
internal sealed class ResultSet : IDisposable
{
    private readonly Dictionary<(HookId Hook, string Name, int Loader), MetricEntry> _byKey = [];
    private readonly List<MetricEntry> _entries = [];
    private int _next; // the values are logged in the same order in every step, and mostly under literals

    public List<MetricEntry> Entries => _entries;

    public MetricEntry? Find(HookId hook, string name, int loader)
    {
        if (_next >= _entries.Count) _next = 0;
        if (_entries.Count > 0 && _entries[_next] is var expected && ReferenceEquals(expected.LoggedName, name) && expected.Hook == hook && expected.Loader == loader)
        {
            _next++;
            return expected;
        }

        if (!_byKey.TryGetValue((hook, name, loader), out var entry)) return null;
        _next = entry.Index + 1;
        return entry;
    }

    public void Add(HookId hook, string name, int loader, MetricEntry entry)
    {
        (entry.Loader, entry.Index) = (loader, _entries.Count);
        _byKey.Add((hook, name, loader), entry);
        _entries.Add(entry);
    }

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
        _next = 0;
    }

    public void Dispose() => Clear();
}
