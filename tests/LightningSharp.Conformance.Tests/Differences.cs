using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>A case in which we differ on purpose: the row of the specification, why, and what is asserted instead of the record.</summary>
internal sealed record Difference(string Row, string Reason, Func<JsonObject, CaseRun, List<string>> Check);

/// <summary>The one table of them; docs/conformance-differences.md shows the same.</summary>
internal static class Differences
{
    public static Dictionary<string, Difference> Own { get; } = [];
}
