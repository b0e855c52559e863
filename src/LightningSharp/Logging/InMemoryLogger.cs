namespace LightningSharp.Logging;

/// <summary>Keeps everything in memory: for tests, notebooks of your own, and programs that draw their own pictures. Nothing is written to disk.</summary>
public sealed class InMemoryLogger : IMetricLogger, IRewindableLogger, IImageLogger, IHistogramLogger, ITextLogger, ITableLogger
{
    private readonly List<Row> _rows = [];
    private readonly List<Item> _items = [];

    /// <summary>One call of <see cref="LogMetrics"/>.</summary>
    /// <param name="Step">The x-axis.</param>
    /// <param name="Values">A copy of what was logged.</param>
    public sealed record Row(long Step, IReadOnlyDictionary<string, double> Values);

    /// <summary>A picture, histogram, text, table or file.</summary>
    /// <param name="Kind"><c>image</c>, <c>histogram</c>, <c>text</c>, <c>table</c>, or the kind of an artifact.</param>
    /// <param name="Name">Its name; the path of an artifact.</param>
    /// <param name="Step">The x-axis; -1 for an artifact.</param>
    /// <param name="Value"><see cref="ImageData"/>, <see cref="HistogramData"/>, text, or the rows of a table with the headings first.</param>
    public sealed record Item(string Kind, string Name, long Step, object Value);

    /// <inheritdoc/>
    public string? Directory => null;

    /// <summary>Everything logged, in order.</summary>
    public IReadOnlyList<Row> Rows => _rows;

    /// <summary>Pictures, histograms, texts, tables and files, in order.</summary>
    public IReadOnlyList<Item> Items => _items;

    /// <summary>The latest hyper-parameters.</summary>
    public IReadOnlyDictionary<string, object?> HyperParameters { get; private set; } = new Dictionary<string, object?>();

    /// <summary>How the last run ended, null before it did.</summary>
    public RunStatus? Status { get; private set; }

    /// <summary>The points of one metric.</summary>
    public IReadOnlyList<(long Step, double Value)> Series(string name)
        => [.. _rows.Where(row => row.Values.ContainsKey(name)).Select(row => (row.Step, row.Values[name]))];

    /// <inheritdoc/>
    public void Start(RunInfo run) => Status = null;

    /// <inheritdoc/>
    public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step) => _rows.Add(new(step, new Dictionary<string, double>(metrics)));

    /// <inheritdoc/>
    public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters) => HyperParameters = new Dictionary<string, object?>(parameters);

    /// <inheritdoc/>
    public void LogArtifact(string path, string kind) => _items.Add(new(kind, path, -1, path));

    /// <inheritdoc/>
    public void LogImage(string name, ImageData image, long step) => _items.Add(new("image", name, step, image));

    /// <inheritdoc/>
    public void LogHistogram(string name, HistogramData histogram, long step) => _items.Add(new("histogram", name, step, histogram));

    /// <inheritdoc/>
    public void LogText(string name, string text, long step) => _items.Add(new("text", name, step, text));

    /// <inheritdoc/>
    public void LogTable(string name, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<object?>> rows, long step)
        => _items.Add(new("table", name, step, (IReadOnlyList<IReadOnlyList<object?>>)[[.. columns], .. rows]));

    /// <inheritdoc/>
    public void RewindTo(long step)
    {
        _rows.RemoveAll(row => row.Step >= step);
        _items.RemoveAll(item => item.Step >= step);
    }

    /// <inheritdoc/>
    public void Flush()
    {
    }

    /// <inheritdoc/>
    public void Finish(RunStatus status) => Status = status;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
