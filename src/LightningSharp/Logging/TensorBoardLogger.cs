using System.Globalization;
using System.Text;
using LightningSharp.Logging.TensorBoard;
using static TorchSharp.torch;

namespace LightningSharp.Logging;

/// <summary>
/// Writes TensorBoard event files: scalars, pictures, histograms, text, tables (as text), hyper-parameters, the model's modules.
/// Every start opens a new file in the folder, which readers join; nothing that exists is touched.
/// <para>The hyper-parameter page gets the run's real metrics: no placeholder is invented for them.</para>
/// </summary>
/// <example><code>new Trainer(new() { Loggers = [new CsvLogger(), new TensorBoardLogger()] });</code></example>
public sealed class TensorBoardLogger : IMetricLogger, IRewindableLogger, IImageLogger, IHistogramLogger, ITextLogger, ITableLogger
{
    private const int FlushAfterMilliseconds = 5_000;

    private readonly LogDirectory _directory;
    private readonly string _prefix;
    private readonly string _subDirectory;
    private readonly IReadOnlyList<string> _hyperParameterMetrics;
    private readonly EventMessages _messages = new();
    private EventFileWriter? _file;
    private bool _hasHyperParameters;
    private long _lastFlush;
    private string _version = "";
    private string _runDirectory = "";

    /// <summary>Creates the logger; nothing is written before <see cref="Start"/>.</summary>
    /// <param name="saveDir">Where this logger makes its own folder (<see cref="RunFolder"/>); null, the default, writes into the run's folder.</param>
    /// <param name="name">The experiment, used with <paramref name="saveDir"/>; empty for none.</param>
    /// <param name="version">The folder name inside the experiment, used with <paramref name="saveDir"/>; null counts up.</param>
    /// <param name="prefix">Put before every name, joined with a dash.</param>
    /// <param name="subDirectory">A folder below the run's folder for the event files; empty, the default, for none.</param>
    /// <param name="hyperParameterMetrics">The metrics that the hyper-parameter page shows; null, the default, lets it show all of the run's scalars.</param>
    public TensorBoardLogger(
        string? saveDir = null, string? name = RunFolder.DefaultName, string? version = null, string prefix = "", string subDirectory = "",
        IReadOnlyList<string>? hyperParameterMetrics = null)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(subDirectory);
        _directory = new(saveDir, name, version);
        _prefix = prefix.Length == 0 ? "" : prefix + "-";
        _subDirectory = subDirectory;
        _hyperParameterMetrics = hyperParameterMetrics ?? [];
    }

    /// <inheritdoc/>
    public string? Directory => _directory.Own;

    /// <summary>The event file that is written now, null before <see cref="Start"/>.</summary>
    public string? Path => _file?.Path;

    /// <inheritdoc/>
    public void Start(RunInfo run)
    {
        _file?.Dispose();
        _file = null;
        _version = run.Version;
        _runDirectory = _directory.For(run);
        _file = new(System.IO.Path.Combine(_runDirectory, _subDirectory));
        _hasHyperParameters = false;
        _messages.FileVersion();
        Write();
        Flush();
    }

    /// <inheritdoc/>
    /// <remarks>Event files hold scalars as 32-bit floats.</remarks>
    public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _messages.Scalars(metrics, _prefix, step);
        Write();
    }

    /// <inheritdoc/>
    /// <remarks>Nested parameters get names with <c>/</c>. An existing <c>hparams.yaml</c> is kept.</remarks>
    public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var flat = HyperParametersFile.Flatten(parameters);
        if (_hyperParameterMetrics.Count > 0)
        {
            _messages.HParamsExperiment(flat, _hyperParameterMetrics);
            Write();
        }

        _messages.HParamsStart(flat, _version);
        Write();
        _hasHyperParameters = true;
        var path = System.IO.Path.Combine(_runDirectory, HyperParametersFile.FileName);
        if (!File.Exists(path))
        {
            HyperParametersFile.Write(path, parameters);
        }
    }

    /// <inheritdoc/>
    public void LogImage(string name, ImageData image, long step)
    {
        ArgumentNullException.ThrowIfNull(image);
        _messages.Image(_prefix + name, image, step);
        Write();
    }

    /// <inheritdoc/>
    public void LogHistogram(string name, HistogramData histogram, long step)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        _messages.Histogram(_prefix + name, histogram, step);
        Write();
    }

    /// <inheritdoc/>
    public void LogText(string name, string text, long step)
    {
        _messages.Text(_prefix + name, text, step);
        Write();
    }

    /// <inheritdoc/>
    public void LogTable(string name, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<object?>> rows, long step)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder();
        AppendRow(text, columns);
        AppendRow(text, Enumerable.Repeat("---", columns.Count));
        foreach (var row in rows)
        {
            AppendRow(text, row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? ""));
        }

        LogText(name, text.ToString(), step);
    }

    /// <summary>Draws the modules of a model on the graph page, with their kinds and parameter counts; edges inside <c>Sequential</c> only.</summary>
    public void LogGraph(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _messages.Graph(GraphNode.Of(model));
        Write();
    }

    /// <inheritdoc/>
    /// <remarks>Event files are append-only: a session mark tells readers to drop what came at this step or later.</remarks>
    public void RewindTo(long step)
    {
        _messages.Restart(step);
        Write();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _file?.Flush(toDisk: false);
        _lastFlush = Environment.TickCount64;
    }

    /// <inheritdoc/>
    public void Finish(RunStatus status)
    {
        if (_hasHyperParameters)
        {
            _messages.HParamsEnd(status);
            Write();
        }

        _file?.Flush(toDisk: true);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        _file = null;
        return ValueTask.CompletedTask;
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells)
        => text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    private void Write()
    {
        var file = _file ?? throw new InvalidOperationException("TensorBoardLogger was used before Start. The Trainer calls Start; call it yourself when you use the logger alone.");
        file.Append(_messages.Message.Written);
        if (Environment.TickCount64 - _lastFlush > FlushAfterMilliseconds)
        {
            Flush();
        }
    }
}
