using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LightningSharp.Logging.Mlflow;

/// <summary>Small JSON objects as text, without reflection.</summary>
internal static class JsonText
{
    internal static string Of(params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                json.WritePropertyName(name);
                JsonPlain.Write(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A list of name and value, as MLflow wants its tags and parameters.</summary>
    internal static List<object?> Pairs(IEnumerable<KeyValuePair<string, string>> pairs)
        => [.. pairs.Select(pair => (object?)new Dictionary<string, object?> { ["key"] = pair.Key, ["value"] = pair.Value })];
}
