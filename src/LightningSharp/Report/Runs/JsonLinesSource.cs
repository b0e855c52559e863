using System.Globalization;
using System.Text.Json;
using LightningSharp.Logging;

namespace LightningSharp.Report.Runs;

/// <summary>Reads <c>events.jsonl</c>. A line that is not what it should be is passed over: the file may come from anybody.</summary>
internal sealed class JsonLinesSource(string directory, RunContent content)
{
    private readonly LineTail _tail = new(Path.Combine(directory, JsonLinesLogger.FileName));

    internal bool Refresh() => _tail.Read(OnLine, content.Clear);

    private void OnLine(ReadOnlySpan<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            Take(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // not ours to mend
        }
    }

    private void Take(JsonElement line)
    {
        var step = line.TryGetProperty("step", out var s) ? s.GetInt64() : 0;
        switch (line.GetProperty("event").GetString())
        {
            case "run":
                content.Status = "running";
                content.Environment = line.TryGetProperty("environment", out var environment)
                    ? [.. environment.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.ToString()))] : [];
                break;
            case "metrics":
                foreach (var value in line.GetProperty("values").EnumerateObject())
                {
                    content.AddPoint(value.Name, step, Number(value.Value));
                }

                break;
            case "image":
                content.Add(new PictureEntry(Name(line), step, null, Inside(line.GetProperty("file").GetString() ?? "")));
                break;
            case "text":
                content.Add(Name(line), step, line.GetProperty("text").GetString() ?? "");
                break;
            case "table":
                content.Add(new TableEntry(
                    Name(line), step, [.. line.GetProperty("columns").EnumerateArray().Select(Text)],
                    [.. line.GetProperty("rows").EnumerateArray().Select(row => (IReadOnlyList<string>)[.. row.EnumerateArray().Select(Text)])]));
                break;
            case "histogram":
                content.Add(Name(line), step, new HistogramData(
                    Number(line.GetProperty("min")), Number(line.GetProperty("max")), Number(line.GetProperty("sum")), Number(line.GetProperty("sum_of_squares")),
                    [.. line.GetProperty("limits").EnumerateArray().Select(Number)], [.. line.GetProperty("counts").EnumerateArray().Select(Number)]));
                break;
            case "rewind":
                content.DropFrom(step);
                break;
            case "end":
                content.Status = line.GetProperty("status").GetString();
                break;
        }
    }

    private static string Name(JsonElement line) => line.GetProperty("name").GetString() ?? "";

    private static string Text(JsonElement cell) => cell.ValueKind == JsonValueKind.Null ? "" : cell.ToString();

    private static double Number(JsonElement value)
        => value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture) : value.GetDouble(); // a string is not null

    /// <summary>The full path of a file named by a line, null when it would be outside the run's folder.</summary>
    private string? Inside(string name)
    {
        var root = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, name));
        return full.StartsWith(root, StringComparison.Ordinal) ? full : null;
    }
}
