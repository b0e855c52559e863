using System.Globalization;
using System.Text.Json;
using LightningSharp.Checkpointing;

namespace LightningSharp.Logging;

/// <summary>
/// Writes <c>events.jsonl</c>: one JSON object per line, its kind in <c>event</c>: <c>run</c>, <c>metrics</c>, <c>hyper_parameters</c>, <c>image</c>,
/// <c>histogram</c>, <c>text</c>, <c>table</c>, <c>artifact</c>, <c>rewind</c>, <c>end</c>. Every line has <c>time</c> (UTC, ISO 8601); NaN and infinities are
/// the texts <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>. Pictures are PNG files in <c>media/</c> that the line names.
/// <para>Lines reach the operating system one by one as whole lines, at the latest after five seconds and with every event that is not <c>metrics</c>.</para>
/// </summary>
public sealed class JsonLinesLogger : IMetricLogger, IRewindableLogger, IImageLogger, IHistogramLogger, ITextLogger, ITableLogger, IStateful
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "events.jsonl";

    private readonly LogDirectory _directory;
    private JsonLinesFile? _file;
    private RunInfo _run;

    /// <summary>Creates the logger; nothing is written before <see cref="Start"/>.</summary>
    /// <param name="saveDir">Where this logger makes its own folder (<see cref="RunFolder"/>); null, the default, writes into the run's folder.</param>
    /// <param name="name">The experiment, used with <paramref name="saveDir"/>; empty for none.</param>
    /// <param name="version">The folder name inside the experiment, used with <paramref name="saveDir"/>; null counts up.</param>
    public JsonLinesLogger(string? saveDir = null, string? name = RunFolder.DefaultName, string? version = null)
        => _directory = new(saveDir, name, version);

    /// <inheritdoc/>
    public string? Directory => _directory.Own;

    /// <summary>The file that is written, null before <see cref="Start"/>.</summary>
    public string? Path => _file?.Path;

    /// <inheritdoc/>
    public void Start(RunInfo run)
    {
        _file?.Dispose();
        _file = new(System.IO.Path.Combine(_directory.For(run), FileName));
        WriteRun(run);
    }

    /// <inheritdoc/>
    public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var (file, json) = Begin("metrics", step);
        json.WriteStartObject("values");
        foreach (var (name, value) in metrics)
        {
            json.WritePropertyName(name);
            JsonPlain.Write(json, value);
        }

        json.WriteEndObject();
        file.End(flush: false);
    }

    /// <inheritdoc/>
    public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var file = Started();
        var json = file.Begin("hyper_parameters");
        json.WritePropertyName("values");
        JsonPlain.Write(json, parameters);
        file.End(flush: true);
    }

    /// <inheritdoc/>
    public void LogArtifact(string path, string kind)
    {
        var file = Started();
        var json = file.Begin("artifact");
        json.WriteString("kind", kind);
        json.WriteString("path", System.IO.Path.GetRelativePath(file.Folder, System.IO.Path.GetFullPath(path)));
        file.End(flush: true);
    }

    /// <inheritdoc/>
    public void LogImage(string name, ImageData image, long step)
    {
        ArgumentNullException.ThrowIfNull(image);
        var target = System.IO.Path.Combine("media", FreeName(Started().Folder, name, step));
        var full = System.IO.Path.Combine(Started().Folder, target);
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!); // a joined path has a folder
        File.WriteAllBytes(full, image.ToPng());
        var (file, json) = Begin("image", step);
        json.WriteString("name", name);
        json.WriteNumber("width", image.Width);
        json.WriteNumber("height", image.Height);
        json.WriteString("file", target.Replace('\\', '/'));
        file.End(flush: true);
    }

    /// <inheritdoc/>
    public void LogHistogram(string name, HistogramData histogram, long step)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var (file, json) = Begin("histogram", step);
        json.WriteString("name", name);
        foreach (var (key, value) in (ReadOnlySpan<(string, double)>)
            [("min", histogram.Min), ("max", histogram.Max), ("sum", histogram.Sum), ("sum_of_squares", histogram.SumOfSquares), ("non_finite", histogram.NonFinite)])
        {
            json.WritePropertyName(key);
            JsonPlain.Write(json, value);
        }

        json.WritePropertyName("limits");
        JsonPlain.Write(json, histogram.Limits);
        json.WritePropertyName("counts");
        JsonPlain.Write(json, histogram.Counts);
        file.End(flush: true);
    }

    /// <inheritdoc/>
    public void LogText(string name, string text, long step)
    {
        var (file, json) = Begin("text", step);
        json.WriteString("name", name);
        json.WriteString("text", text);
        file.End(flush: true);
    }

    /// <inheritdoc/>
    public void LogTable(string name, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<object?>> rows, long step)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        var (file, json) = Begin("table", step);
        json.WriteString("name", name);
        json.WritePropertyName("columns");
        JsonPlain.Write(json, columns);
        json.WritePropertyName("rows");
        JsonPlain.Write(json, rows);
        file.End(flush: true);
    }

    /// <inheritdoc/>
    /// <remarks>The file is append-only: a <c>rewind</c> line tells readers to drop what came at this step or later.</remarks>
    public void RewindTo(long step)
    {
        var (file, _) = Begin("rewind", step);
        file.End(flush: true);
    }

    /// <summary>Which file, and how long it is now.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["path"] = Path, ["bytes"] = _file?.Length ?? 0 };

    /// <summary>Takes back the lines that were written to the same file after <see cref="StateDict"/>: the run that goes on writes them again. Another file is left as it is.</summary>
    /// <param name="state">What <see cref="StateDict"/> returned.</param>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (StateValue.Text(state, "path") is not { } path || path != Path || StateValue.Long(state, "bytes") is not (> 0 and var bytes) || bytes >= Started().Length) return;
        Started().CutTo(bytes);
        WriteRun(_run);
    }

    /// <inheritdoc/>
    public void Flush() => _file?.Flush(toDisk: false);

    /// <inheritdoc/>
    public void Finish(RunStatus status)
    {
        var file = Started();
        file.Begin("end").WriteString("status", status.ToString());
        file.End(flush: true);
        file.Flush(toDisk: true);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        _file = null;
        return ValueTask.CompletedTask;
    }

    private void WriteRun(RunInfo run)
    {
        _run = run;
        var file = Started();
        var json = file.Begin("run");
        json.WriteNumber("format", 1);
        json.WriteString("name", run.Name);
        json.WriteString("version", run.Version);
        json.WritePropertyName("environment");
        JsonPlain.Write(json, RunEnvironment.Current());
        file.End(flush: true);
    }

    private static string FreeName(string folder, string name, long step)
    {
        var safe = string.Concat(name.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        for (var number = 0; ; number++)
        {
            var file = string.Create(CultureInfo.InvariantCulture, $"{safe}-{step}{(number == 0 ? "" : $"-{number}")}.png");
            if (!File.Exists(System.IO.Path.Combine(folder, "media", file)))
            {
                return file;
            }
        }
    }

    private (JsonLinesFile File, Utf8JsonWriter Json) Begin(string kind, long step)
    {
        var file = Started();
        var json = file.Begin(kind);
        json.WriteNumber("step", step);
        return (file, json);
    }

    private JsonLinesFile Started()
        => _file ?? throw new InvalidOperationException("JsonLinesLogger was used before Start. The Trainer calls Start; call it yourself when you use the logger alone.");
}
