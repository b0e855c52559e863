using LightningSharp.Checkpointing;

namespace LightningSharp.Logging;

/// <summary>
/// Writes <c>metrics.csv</c>, one row per call, and <c>hparams.yaml</c> beside it. Columns: <c>step</c>, then names in the order in which they first appeared.
/// <para>An existing file is continued, never deleted. Only whole lines count: what a killed process left half-written is cut off at the next start.
/// A new name gets a column at the end; the file with the longer header is written beside the old one and takes its place in one atomic rename,
/// so that at any moment the disk holds either the old table or the new one. Numbers are written culture-free in the shortest form that reads back
/// to the same double; NaN and infinities as <c>nan</c>, <c>inf</c>, <c>-inf</c>. Names that a spreadsheet would run as a formula start with an apostrophe.</para>
/// </summary>
/// <example><code>new Trainer(new() { Loggers = [new CsvLogger("runs", name: "digits")] });</code></example>
public sealed class CsvLogger : IMetricLogger, IRewindableLogger, IStateful
{
    /// <summary>The name of the file with the numbers.</summary>
    public const string FileName = "metrics.csv";

    private static readonly long FlushAfter = TimeSpan.FromSeconds(5).Ticks / TimeSpan.TicksPerMillisecond;

    private readonly LogDirectory _directory;
    private readonly string _prefix;
    private readonly int _flushEvery;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private double?[] _row = new double?[16];
    private CsvTable? _table;
    private long _lastFlush;

    /// <summary>Creates the logger; nothing is written before <see cref="Start"/>.</summary>
    /// <param name="saveDir">Where this logger makes its own folder (<see cref="RunFolder"/>); null, the default, writes into the run's folder.</param>
    /// <param name="name">The experiment, used with <paramref name="saveDir"/>; empty for none.</param>
    /// <param name="version">The folder name inside the experiment, used with <paramref name="saveDir"/>; null counts up.</param>
    /// <param name="prefix">Put before every name, joined with a dash.</param>
    /// <param name="flushEvery">Rows reach the disk when step + 1 is a multiple of this, and at the latest with the first row after five seconds.</param>
    public CsvLogger(string? saveDir = null, string? name = RunFolder.DefaultName, string? version = null, string prefix = "", int flushEvery = 100)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(flushEvery);
        _directory = new(saveDir, name, version);
        _prefix = prefix.Length == 0 ? "" : prefix + "-";
        _flushEvery = flushEvery;
    }

    /// <inheritdoc/>
    public string? Directory => _directory.Own;

    /// <summary>The file that is written, null before <see cref="Start"/>.</summary>
    public string? Path { get; private set; }

    /// <inheritdoc/>
    public void Start(RunInfo run)
    {
        _table?.Dispose();
        Path = System.IO.Path.Combine(_directory.For(run), FileName);
        _table = new(Path);
        _columns.Clear();
        _lastFlush = Environment.TickCount64;
    }

    /// <inheritdoc/>
    /// <remarks>A metric called <c>step</c> is not written: that column is the x-axis.</remarks>
    public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var table = Started();
        Array.Clear(_row);
        foreach (var (name, value) in metrics)
        {
            var column = ColumnOf(name, table, metrics);
            if (column != table.StepColumn)
            {
                _row[column] = value;
            }
        }

        table.Append(step, _row.AsSpan(0, table.ColumnCount));
        if ((step + 1) % _flushEvery == 0 || Environment.TickCount64 - _lastFlush > FlushAfter)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        HyperParametersFile.Write(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Started().Path)!, HyperParametersFile.FileName), parameters); // a file path has a folder
    }

    /// <inheritdoc/>
    public void RewindTo(long step) => Started().RemoveFrom(step);

    /// <summary>Which file, and how many rows it has now.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["path"] = Path, ["rows"] = _table?.RowCount ?? 0 };

    /// <summary>Takes back the rows that were written to the same file after <see cref="StateDict"/>: the run that goes on writes them again. Another file is left as it is.</summary>
    /// <param name="state">What <see cref="StateDict"/> returned.</param>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (StateValue.Text(state, "path") is { } path && path == Path) Started().KeepFirst(StateValue.Long(state, "rows"));
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _table?.Flush(toDisk: false);
        _lastFlush = Environment.TickCount64;
    }

    /// <inheritdoc/>
    public void Finish(RunStatus status) => _table?.Flush(toDisk: true);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _table?.Dispose();
        _table = null;
        return ValueTask.CompletedTask;
    }

    private CsvTable Started() => _table ?? throw new InvalidOperationException("CsvLogger was given values before Start. The Trainer calls Start; call it yourself when you use the logger alone.");

    private int ColumnOf(string name, CsvTable table, IReadOnlyDictionary<string, double> metrics)
    {
        if (_columns.TryGetValue(name, out var known))
        {
            return known;
        }

        // all new names of one call at once, sorted, so that the order does not depend on the dictionary
        var fresh = metrics.Keys.Where(key => !_columns.ContainsKey(key)).ToList();
        fresh.Sort((a, b) => a == "epoch" ? -1 : b == "epoch" ? 1 : string.CompareOrdinal(a, b));
        foreach (var key in fresh)
        {
            _columns[key] = table.AddColumn(key == "epoch" || key == "step" ? key : _prefix + key);
        }

        Array.Resize(ref _row, Math.Max(_row.Length, table.ColumnCount));
        return _columns[name];
    }
}
