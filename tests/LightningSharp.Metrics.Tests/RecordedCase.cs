using System.Text.Json;

namespace LightningSharp.Metrics.Tests;

/// <summary>One case: what to make, what to feed, what to expect, and why we give another value where we do.</summary>
public sealed record RecordedCase(
    string Name, IReadOnlyDictionary<string, JsonElement> Args, JsonElement[] Batches, JsonElement Expected, bool OrderFree, double Tolerance, string? Differs = null)
{
    public string Label => $"{Name}({string.Join(", ", Args.Select(a => $"{a.Key}={a.Value}"))})";
}
