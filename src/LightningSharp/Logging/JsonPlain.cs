using System.Globalization;
using System.Text.Json;

namespace LightningSharp.Logging;

/// <summary>Writes plain data as JSON without reflection.</summary>
internal static class JsonPlain
{
    internal static void Write(Utf8JsonWriter json, object? value, int depth = 0)
    {
        switch (depth > PlainValue.MaxDepth ? "..." : PlainValue.Of(value))
        {
            case null:
                json.WriteNullValue();
                break;
            case bool b:
                json.WriteBooleanValue(b);
                break;
            case long n:
                json.WriteNumberValue(n);
                break;
            case double d:
                Write(json, d);
                break;
            case IReadOnlyDictionary<string, object?> map:
                json.WriteStartObject();
                foreach (var (key, item) in map)
                {
                    json.WritePropertyName(key);
                    Write(json, item, depth + 1);
                }

                json.WriteEndObject();
                break;
            case IReadOnlyList<object?> list:
                json.WriteStartArray();
                foreach (var item in list)
                {
                    Write(json, item, depth + 1);
                }

                json.WriteEndArray();
                break;
            case var other:
                json.WriteStringValue(Convert.ToString(other, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>JSON has no word for NaN and infinity: they become texts that JSON readers for .NET accept as numbers.</summary>
    internal static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }
}
