using System.Globalization;
using System.Text;
using System.Text.Json;
using LightningSharp.Logging;

namespace LightningSharp.Callbacks;

/// <summary>
/// Keeps the metrics of every epoch in one file, replaced whole after each epoch: a <c>.csv</c> with one row per epoch, or a <c>.json</c> with a list of objects.
/// A value that is not a number is empty in CSV and null in JSON.
/// </summary>
/// <param name="path">The file; its extension, <c>.csv</c> or <c>.json</c>, decides the form.</param>
/// <example><code>Callbacks = [new HistoryFile("history.json")]</code></example>
public sealed class HistoryFile(string path) : Callback
{
    private readonly string _path = Require(path);
    private readonly List<(int Epoch, Dictionary<string, double> Values)> _rows = [];

    /// <inheritdoc/>
    public override bool Monitors => true; // after the module's own OnTrainEpochEnd, which may log

    /// <inheritdoc/>
    public override void OnReset() => _rows.Clear();

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context)
    {
        _rows.Add((context.Trainer.CurrentEpoch, new Dictionary<string, double>(context.Trainer.CallbackMetrics)));
        WholeFile.WriteText(_path, _path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Json() : Csv());
    }

    private static string Require(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Path.GetExtension(path).ToUpperInvariant() is not (".CSV" or ".JSON"))
            throw new ArgumentException($"HistoryFile was given '{path}': expected a name ending in .csv or .json.", nameof(path));
        return Path.GetFullPath(path);
    }

    private string Csv()
    {
        var names = _rows.SelectMany(row => row.Values.Keys).Distinct().ToList();
        var text = new StringBuilder().AppendJoin(',', names.Select(Quoted).Prepend("epoch")).Append("\r\n");
        foreach (var (epoch, values) in _rows)
            text.AppendJoin(',', names.Select(name => values.TryGetValue(name, out var value) && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : string.Empty).Prepend(epoch.ToString(CultureInfo.InvariantCulture))).Append("\r\n");
        return text.ToString();
    }

    private string Json()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var (epoch, values) in _rows) WriteRow(writer, epoch, values);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteRow(Utf8JsonWriter writer, int epoch, Dictionary<string, double> values)
    {
        writer.WriteStartObject();
        writer.WriteNumber("epoch", epoch);
        foreach (var (name, value) in values)
        {
            if (double.IsFinite(value)) writer.WriteNumber(name, value);
            else writer.WriteNull(name);
        }

        writer.WriteEndObject();
    }

    private static string Quoted(string name) => name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
