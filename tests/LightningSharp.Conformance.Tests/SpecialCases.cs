using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>Cases that are not one run with a trace, but rows of small experiments.</summary>
internal static class SpecialCases
{
    public static Dictionary<string, Func<JsonObject, List<string>>> All { get; } = [];
}
