using System.Text.Json;
using LightningSharp.Report.Runs;

namespace LightningSharp.Dashboard.Runs;

/// <summary>One row a run: the hyper-parameters in which the runs differ, then the last value of each metric.</summary>
internal static class RunComparison
{
    private const int MostColumns = 60;

    internal static void Write(Utf8JsonWriter json, RunCatalog catalog, IEnumerable<string> ids)
    {
        List<(string Id, Dictionary<string, string> Parameters, Dictionary<string, double> Metrics)> rows = [];
        foreach (var id in ids)
        {
            catalog.Use(id, run =>
            {
                Dictionary<string, double> metrics = new(StringComparer.Ordinal);
                foreach (var name in run.Names)
                {
                    if (run.Find(name) is { } series) metrics[name] = series.Values[^1];
                }

                Dictionary<string, string> parameters = new(StringComparer.Ordinal);
                foreach (var (name, value) in catalog.HyperParameters(id)) parameters[name] = value;
                rows.Add((id, parameters, metrics));
            });
        }

        var parameterNames = rows.SelectMany(row => row.Parameters.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(name => rows.Select(row => row.Parameters.GetValueOrDefault(name)).Distinct(StringComparer.Ordinal).Count() > 1).Take(MostColumns).ToList();
        var metricNames = rows.SelectMany(row => row.Metrics.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostColumns).ToList();

        json.WriteStartObject();
        Names(json, "parameters", parameterNames);
        Names(json, "metrics", metricNames);
        json.WriteStartArray("rows");
        foreach (var (id, parameters, metrics) in rows)
        {
            json.WriteStartArray();
            json.WriteStringValue(id);
            foreach (var name in parameterNames) json.WriteStringValue(parameters.GetValueOrDefault(name, ""));
            foreach (var name in metricNames)
            {
                if (metrics.TryGetValue(name, out var value)) RunJson.Number(json, value);
                else json.WriteNullValue();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string property, List<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
