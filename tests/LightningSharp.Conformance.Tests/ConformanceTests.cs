using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>Every recorded case of the real Lightning, run through our public API.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string> Cases => [.. CaseFile.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Behaves_as_recorded(string name)
    {
        var testCase = CaseFile.Load(name);
        testCase["config"]!["scenario"] = name;

        var problems = Run(name, testCase);

        Assert.True(problems.Count == 0, $"{name}: {(string?)testCase["description"]}\n{string.Join("\n", problems.Take(40))}");
    }

    private static List<string> Run(string name, JsonObject testCase)
    {
        if (SpecialCases.All.TryGetValue(name, out var special)) return special(testCase);
        using var run = new CaseRun(testCase);
        run.Run();
        return Differences.Own.TryGetValue(name, out var own) ? own.Check(testCase, run) : Check(testCase, run);
    }

    internal static List<string> Check(JsonObject testCase, CaseRun run)
    {
        var problems = new List<string>();
        var calls = testCase["expected"]!["calls"]!.AsArray();
        if (calls.Count != run.Results.Count) problems.Add($"calls: expected {calls.Count}, ran {run.Results.Count}");
        var tolerance = (string?)testCase["config"]!["trainer"]?["precision"] == "64-true" ? 1e-12 : 1e-6;
        for (var i = 0; i < Math.Min(calls.Count, run.Results.Count); i++)
            problems.AddRange(CallCheck.Problems(calls[i]!.AsObject(), run.Results[i], tolerance).Select(line => $"call {i} {line}"));
        if (testCase["expected"]!["extra"] is JsonObject extra) problems.AddRange(ExtraCheck.Problems(extra, run));
        return problems;
    }
}
