using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>What one call of an entry point did.</summary>
internal sealed record CallResult(string Call, Exception? Exception, JsonNode? Returned, JsonObject Final, List<double> Losses, List<Row> Rows);
