using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LightningSharp.Profiling;

/// <summary>
/// Writes the actions of a run as a Chrome trace (<c>fit-trace.json</c>): open it in Perfetto or in the browser's <c>chrome://tracing</c>. Beside the actions stand curves of
/// resident memory and of live tensors, one point per batch.
/// </summary>
/// <example><code>new Trainer(new() { Profiler = new TraceProfiler { TimesModules = true }, MaxSteps = 20 })</code></example>
public sealed class TraceProfiler : Profiler
{
    private readonly List<(string Action, long Start)> _stack = [];
    private readonly List<Entry> _entries = [];
    private long _start;

    /// <summary>Folder of the trace; null is the run's folder.</summary>
    public string? DirPath { get; init; }

    /// <summary>Middle part of the file's name.</summary>
    /// <value>Default: <c>trace</c>, giving <c>fit-trace.json</c>.</value>
    public string FileName { get; init; } = "trace";

    /// <summary>Batches that are left out first, while caches fill.</summary>
    /// <value>Default: 0.</value>
    public int SkipBatches { get; init; }

    /// <summary>Events that are kept at most, about 60 bytes each; later ones are dropped.</summary>
    /// <value>Default: 1,000,000.</value>
    public int MaxEvents { get; init; } = 1_000_000;

    /// <summary>The file of the latest run; null before.</summary>
    public string? Path { get; private set; }

    private int _batches;

    /// <inheritdoc/>
    public override string Describe() => Path is null ? $"{_entries.Count} events" : $"{_entries.Count} events in {Path}";

    /// <inheritdoc/>
    protected internal override void Begin(string action) => _stack.Add((action, Stopwatch.GetTimestamp()));

    /// <inheritdoc/>
    protected internal override void End(string action)
    {
        var now = Stopwatch.GetTimestamp();
        for (var i = _stack.Count - 1; i >= 0; i--)
        {
            if (_stack[i].Action != action) continue;
            var start = _stack[i].Start;
            _stack.RemoveAt(i);
            if (_batches >= SkipBatches && _entries.Count < MaxEvents) _entries.Add(new(action, start, now, 0, 0));
            break;
        }

        if (action != ProfilerSeam.Batch) return;
        if (++_batches > SkipBatches && _entries.Count < MaxEvents)
            _entries.Add(new(null, now, now, Environment.WorkingSet, TorchSharp.torch.Tensor.TotalCount));
    }

    /// <inheritdoc/>
    protected internal override void RunStarted(Trainer trainer, Stage stage)
    {
        _entries.Clear();
        _stack.Clear();
        (_start, _batches) = (Stopwatch.GetTimestamp(), 0);
    }

    /// <inheritdoc/>
    protected internal override void RunEnded(Trainer trainer, Stage stage)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (!trainer.Strategy.IsGlobalZero) return;
        var folder = Directory.CreateDirectory(Trainer.ExpandHome(DirPath ?? trainer.RunDirectory ?? ".")).FullName;
        Path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{stage.ToString().ToLowerInvariant()}-{FileName}.json"));
        using var stream = File.Create(Path);
        using var json = new Utf8JsonWriter(stream);
        Write(json, trainer.Strategy.GlobalRank);
    }

    private void Write(Utf8JsonWriter json, int rank)
    {
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        Title(json, rank, "process_name", string.Create(CultureInfo.InvariantCulture, $"LightningSharp, rank {rank}"));
        Title(json, rank, "thread_name", "step");
        foreach (var entry in _entries)
        {
            if (json.BytesPending > 1 << 16) json.Flush(); // a million events are a hundred megabytes of text
            if (entry.Action is null)
            {
                Counter(json, rank, "resident memory (MB)", entry.Start, entry.Memory / 1_000_000);
                Counter(json, rank, "tensors", entry.Start, entry.Tensors);
                continue;
            }

            Head(json, rank, entry.Action, "X", entry.Start);
            json.WriteNumber("dur", Stopwatch.GetElapsedTime(entry.Start, entry.End).TotalMicroseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // What the viewer writes beside the rows.
    private void Title(Utf8JsonWriter json, int rank, string kind, string name)
    {
        Head(json, rank, kind, "M", _start);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Counter(Utf8JsonWriter json, int rank, string name, long at, long value)
    {
        Head(json, rank, name, "C", at);
        json.WriteStartObject("args");
        json.WriteNumber("value", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Head(Utf8JsonWriter json, int rank, string name, string kind, long at)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("ph", kind);
        json.WriteNumber("ts", Stopwatch.GetElapsedTime(_start, at).TotalMicroseconds);
        json.WriteNumber("pid", rank);
        json.WriteNumber("tid", 0);
    }

    private readonly record struct Entry(string? Action, long Start, long End, long Memory, long Tensors);
}
