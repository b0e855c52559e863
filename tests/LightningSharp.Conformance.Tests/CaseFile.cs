using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>The recorded cases beside the tests: the newer Lightning's record where the two versions differ and the index says to follow it.</summary>
internal static class CaseFile
{
    // The index leaves these to us; docs/conformance-differences.md says why.
    private static readonly string[] NewerByChoice = ["checkpoint.save_last", "resume.early_stopping_state"];

    private static readonly JsonObject Index = JsonNode.Parse(File.ReadAllText(PathOf("index.json")))!.AsObject();

    public static IEnumerable<string> Names => Directory.EnumerateFiles(PathOf("cases"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static JsonObject Load(string name)
    {
        var newer = PathOf(Path.Combine("cases-2.6.5", name + ".json"));
        var entry = Index["scenarios"]!.AsArray().First(item => (string?)(item!["scenario"] ?? item["name"]) == name)!;
        var follow = (string?)entry["differs_in_2.6.5"]?["follow"];
        var path = File.Exists(newer) && (follow == "2.6.5" || NewerByChoice.Contains(name)) ? newer : PathOf(Path.Combine("cases", name + ".json"));
        return JsonNode.Parse(File.ReadAllText(path))!.AsObject();
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
