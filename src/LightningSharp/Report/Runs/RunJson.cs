using System.Text.Json;

namespace LightningSharp.Report.Runs;

/// <summary>Parts of a run as JSON for our pages. The writer's own escaping keeps every name harmless inside HTML: no &lt;, &gt;, &amp; or quote survives as itself.</summary>
internal static class RunJson
{
    internal static void Series(Utf8JsonWriter json, string name, (List<long> Steps, List<double> Values) points)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartArray("x");
        points.Steps.ForEach(json.WriteNumberValue);
        json.WriteEndArray();
        json.WriteStartArray("y");
        points.Values.ForEach(value => Number(json, value));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>name, last, smallest, its step, largest, its step, points.</summary>
    internal static void Summary(Utf8JsonWriter json, string name, Series series)
    {
        var (low, high) = (-1, -1);
        var values = series.Values;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]))
            {
                low = low < 0 || values[i] < values[low] ? i : low;
                high = high < 0 || values[i] > values[high] ? i : high;
            }
        }

        json.WriteStartArray();
        json.WriteStringValue(name);
        Number(json, values[^1]);
        foreach (var i in (ReadOnlySpan<int>)[low, high])
        {
            Number(json, i < 0 ? double.NaN : values[i]);
            json.WriteNumberValue(i < 0 ? -1 : series.Steps[i]);
        }

        json.WriteNumberValue(series.Count);
        json.WriteEndArray();
    }

    internal static void Histograms(Utf8JsonWriter json, Run run)
    {
        json.WriteStartArray("histograms");
        foreach (var (name, step, data) in run.Histograms.GroupBy(h => h.Name, StringComparer.Ordinal).Take(100).Select(g => g.Last()))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("step", step);
            json.WritePropertyName("min");
            Number(json, data.Min);
            json.WriteStartArray("limits");
            foreach (var limit in data.Limits)
            {
                Number(json, limit);
            }

            json.WriteEndArray();
            json.WriteStartArray("counts");
            foreach (var count in data.Counts)
            {
                Number(json, count);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void Tables(Utf8JsonWriter json, Run run)
    {
        const int MostRows = 200;
        json.WriteStartArray("tables");
        foreach (var table in run.Tables.GroupBy(t => t.Name, StringComparer.Ordinal).Take(50).Select(g => g.Last()))
        {
            json.WriteStartObject();
            json.WriteString("name", table.Name);
            json.WriteNumber("step", table.Step);
            json.WriteStartArray("columns");
            foreach (var column in table.Columns)
            {
                json.WriteStringValue(column);
            }

            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in table.Rows.Take(MostRows))
            {
                json.WriteStartArray();
                foreach (var cell in row)
                {
                    json.WriteStringValue(cell);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void Number(Utf8JsonWriter json, double value)
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
