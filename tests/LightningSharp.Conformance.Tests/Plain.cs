using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>Between JSON and plain values.</summary>
internal static class Plain
{
    public static JsonNode Number(double value)
        => double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "Infinity" : double.IsNegativeInfinity(value) ? "-Infinity" : value;

    public static double Number(this Tensor tensor)
    {
        using var converted = tensor.detach().to(ScalarType.Float64);
        return converted.item<double>();
    }

    public static JsonObject StageInfo(Stage stage) => new() { ["stage_arg"] = stage.ToString().ToLowerInvariant() };

    public static JsonObject Outputs(Tensor? loss) => loss is null
        ? new JsonObject { ["outputs"] = new JsonArray() }
        : new JsonObject { ["outputs"] = new JsonArray("loss"), ["loss"] = Number(loss.Number()) };

    public static JsonObject Metrics(IEnumerable<KeyValuePair<string, double>> metrics)
    {
        var map = new JsonObject();
        foreach (var (name, value) in metrics) map[name] = Number(value);
        return map;
    }

    public static JsonNode Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var host = tensor.detach().cpu().to(ScalarType.Float64).contiguous();
        if (host.dim() == 0) return Number(host.item<double>());
        var list = new JsonArray();
        for (var i = 0; i < host.shape[0]; i++) list.Add(Values(host[i]));
        return list;
    }

    public static JsonObject Gradients(Linear layer) => new() { ["weight"] = Values(layer.weight.grad!), ["bias"] = Values(layer.bias!.grad!) };

    public static Dictionary<string, object?> Map(JsonObject map) => map.ToDictionary(entry => entry.Key, entry => Value(entry.Value));

    public static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool flag => flag,
        int or long => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
        float or double => Number(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        string text => text,
        Tensor tensor => Values(tensor),
        IEnumerable<KeyValuePair<string, object?>> map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Node(entry.Value)))),
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Node)]),
        _ => value.ToString(),
    };

    private static object? Value(JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => Map(map),
        JsonArray list => list.Select(Value).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => (string)node!,
            _ when node.ToJsonString().Contains('.', StringComparison.Ordinal) => (double)node,
            _ => (long)node,
        },
    };
}
