using System.Text.Json;
using LightningSharp.Report.Runs;

namespace LightningSharp.Dashboard.Runs;

/// <summary>Everything about one run that is not a curve.</summary>
internal static class RunDetails
{
    internal static void Write(Utf8JsonWriter json, Run run)
    {
        json.WriteStartObject();
        json.WriteString("status", run.Status ?? "");
        json.WriteString("hyperParameters", run.HyperParameters);
        json.WriteStartArray("summary");
        foreach (var name in run.Names)
        {
            if (run.Find(name) is { } series)
            {
                RunJson.Summary(json, name, series);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("checkpoints");
        foreach (var file in run.Checkpoints)
        {
            json.WriteStartArray();
            json.WriteStringValue(file.Name);
            json.WriteNumberValue(file.Length);
            json.WriteStringValue(file.LastWriteTimeUtc);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("pictures");
        for (var i = 0; i < run.Pictures.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", run.Pictures[i].Name);
            json.WriteNumber("step", run.Pictures[i].Step);
            json.WriteNumber("index", i);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("texts");
        foreach (var (name, step, text) in run.Texts.TakeLast(20))
        {
            json.WriteStartArray();
            json.WriteStringValue(name);
            json.WriteNumberValue(step);
            json.WriteStringValue(text.Length < 10_000 ? text : text[..10_000]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        RunJson.Histograms(json, run);
        RunJson.Tables(json, run);
        json.WriteStartArray("environment");
        foreach (var (key, value) in run.Environment)
        {
            json.WriteStartArray();
            json.WriteStringValue(key);
            json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
