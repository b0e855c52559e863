using LightningSharp.Logging;

namespace LightningSharp.Report.Runs;

/// <summary>What one source of a run has told so far.</summary>
internal sealed class RunContent
{
    /// <summary>How many pictures, histograms, texts and tables of a source are kept: the latest.</summary>
    private const int LargestGallery = 500;

    internal Dictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);

    internal List<PictureEntry> Pictures { get; } = [];

    internal List<(string Name, long Step, HistogramData Data)> Histograms { get; } = [];

    internal List<(string Name, long Step, string Text)> Texts { get; } = [];

    internal List<TableEntry> Tables { get; } = [];

    internal string? Status { get; set; }

    internal IReadOnlyList<KeyValuePair<string, string>> Environment { get; set; } = [];

    internal void AddPoint(string name, long step, double value)
    {
        if (!Series.TryGetValue(name, out var series))
        {
            Series[name] = series = new();
        }

        series.Add(step, value);
    }

    internal void Add(PictureEntry picture) => AddLatest(Pictures, picture);

    internal void Add(string name, long step, HistogramData data) => AddLatest(Histograms, (name, step, data));

    internal void Add(string name, long step, string text) => AddLatest(Texts, (name, step, text));

    internal void Add(TableEntry table) => AddLatest(Tables, table);

    internal void DropFrom(long step)
    {
        foreach (var series in Series.Values)
        {
            series.DropFrom(step);
        }

        Pictures.RemoveAll(p => p.Step >= step);
        Histograms.RemoveAll(h => h.Step >= step);
        Texts.RemoveAll(t => t.Step >= step);
        Tables.RemoveAll(t => t.Step >= step);
    }

    internal void Clear()
    {
        Series.Clear();
        Pictures.Clear();
        Histograms.Clear();
        Texts.Clear();
        Tables.Clear();
    }

    private static void AddLatest<T>(List<T> list, T item)
    {
        if (list.Count == LargestGallery)
        {
            list.RemoveAt(0);
        }

        list.Add(item);
    }
}
