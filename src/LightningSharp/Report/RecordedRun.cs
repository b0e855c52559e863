using System.Text.Json;
using LightningSharp.Logging;

namespace LightningSharp.Report;

/// <summary>What <c>run.json</c> says; empty where it is missing, half written or somebody else's.</summary>
internal sealed class RecordedRun
{
    private const long Largest = 4 * 1024 * 1024;

    public string? Status { get; private init; }

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Options { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Model { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Result { get; private init; } = [];

    /// <summary>Name, type and number of parameters of each layer.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Layers { get; private init; } = [];

    public static RecordedRun Read(string directory)
    {
        var file = new FileInfo(Path.Combine(directory, RunRecord.FileName));
        if (file is not { Exists: true, Length: < Largest }) return new();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            return Of(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return new(); // not ours to mend
        }
    }

    private static RecordedRun Of(JsonElement root) => new()
    {
        Status = root.TryGetProperty("status", out var status) ? status.ToString() : null,
        Environment = Entries(root, "environment"),
        Options = Entries(root, "options"),
        Model = Entries(root, "model"),
        Result = [.. Entries(root, "result"), .. Times(root)],
        Layers = root.TryGetProperty("layers", out var layers) ? [.. layers.EnumerateArray().Select(row => (IReadOnlyList<string>)[.. row.EnumerateArray().Select(cell => cell.ToString())])] : [],
    };

    private static IEnumerable<KeyValuePair<string, string>> Times(JsonElement root)
    {
        foreach (var name in (string[])["started", "ended", "resumed_from"])
        {
            if (root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String) yield return KeyValuePair.Create(name, value.ToString());
        }
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Entries(JsonElement root, string name)
        => root.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? [.. map.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => KeyValuePair.Create(p.Name, p.Value.ToString()))] : [];
}
