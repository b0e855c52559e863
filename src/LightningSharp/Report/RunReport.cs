using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using LightningSharp.Report.Runs;
using LightningSharp.Logging;

namespace LightningSharp.Report;

/// <summary>
/// Writes <c>report.html</c>: one file that opens from disk without network and shows a run: summary, curves with zoom, pictures, tables, histograms, result,
/// configuration, hyper-parameters, model, checkpoints, environment, the command that repeats it. The Trainer writes it when <c>Fit</c> ends
/// (<see cref="TrainerOptions.EnableReport"/>); call <see cref="Write"/> for a run that could not end. Everything comes from the run's folder, so it also works after a crash.
/// Names and texts of the run are data: the page's security policy admits no script but its own two, by their hashes.
/// </summary>
public static class RunReport
{
    /// <summary>The usual file name.</summary>
    public const string FileName = "report.html";

    private const int PointsPerCurve = 2_000;
    private const int MostPictures = 60;
    private const long MostPictureBytes = 20 * 1024 * 1024;

    /// <summary>Writes the report of a run; one that exists is replaced in one step.</summary>
    /// <param name="runDirectory">A folder with <c>metrics.csv</c>, <c>events.jsonl</c> or TensorBoard event files.</param>
    /// <param name="path">Where to write; null: <c>report.html</c> in the run's folder.</param>
    /// <returns>The path of the file.</returns>
    public static string Write(string runDirectory, string? path = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(runDirectory);
        if (!Directory.Exists(runDirectory))
        {
            throw new DirectoryNotFoundException($"There is no run folder '{runDirectory}'. Give the folder that holds metrics.csv, such as lightning_logs/version_0.");
        }

        using var run = new Run(runDirectory);
        run.Refresh();
        var target = path ?? Path.Combine(run.Directory, FileName);
        WholeFile.WriteText(target, Page(run));
        return target;
    }

    internal static string Page(Run run)
    {
        var script = ReportAssets.Read("chart.js") + ReportAssets.Read("report.js");
        var style = ReportAssets.Read("style.css");
        // inline style attributes are set by our script through the object model, which the policy allows
        var policy = $"default-src 'none'; img-src data:; script-src {ReportAssets.PolicyHash(script)}; style-src {ReportAssets.PolicyHash(style)}";
        var name = Path.GetFileName(Path.GetDirectoryName(run.Directory)) + "/" + Path.GetFileName(run.Directory);
        var page = new StringBuilder()
            .Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"").Append(policy).Append("\">")
            .Append("<title>").Append(Html(name)).Append("</title><style>").Append(style).Append("</style></head><body><main>\n");
        Head(page, run, name);
        page.Append("<h2>Summary</h2><div id=\"summary\"></div>\n<h2>Curves</h2><p class=\"muted\">Drag to zoom, double click to reset. <label>Smoothing <input type=\"range\" id=\"smoothing\" min=\"0\" max=\"0.99\" step=\"0.01\" value=\"0\"></label></p><div id=\"curves\" class=\"grid\"></div>\n");
        Pictures(page, run);
        page.Append("<div id=\"tables\"></div>\n<div id=\"histograms\" class=\"grid\"></div>\n");
        Texts(page, run);
        var record = run.Record;
        Entries(page, "Result", record.Result);
        Entries(page, "Configuration", record.Options, "Options of the Trainer that differ from their defaults.");
        Pre(page, "Hyper-parameters", run.HyperParameters);
        Entries(page, "Model", record.Model);
        Layers(page, record.Layers);
        Checkpoints(page, run);
        EnvironmentOf(page, run);
        page.Append("</main>\n<script type=\"application/json\" id=\"data\">").Append(Data(run)).Append("</script>\n<script>").Append(script).Append("</script></body></html>\n");
        return page.ToString();
    }

    private static void Head(StringBuilder page, Run run, string name)
    {
        var status = run.Status switch { null => "", "running" => "did not end (or is still running)", var s => s };
        var kind = run.Status switch { "Succeeded" => "good", "Failed" => "bad", _ => "muted" };
        page.Append("<h1>").Append(Html(name)).Append("</h1><p class=\"muted\"><span class=\"").Append(kind).Append("\">").Append(Html(status)).Append("</span> ")
            .Append(Html(run.Directory)).Append(" · written ").Append(DateTime.UtcNow.ToString("u", CultureInfo.InvariantCulture)).Append("</p>\n");
    }

    private static void Pictures(StringBuilder page, Run run)
    {
        var budget = MostPictureBytes;
        var pictures = run.Pictures.GroupBy(p => p.Name, StringComparer.Ordinal).Select(g => g.Last()).Take(MostPictures).ToList();
        if (pictures.Count == 0)
        {
            return;
        }

        page.Append("<h2>Pictures</h2><div class=\"grid\">");
        foreach (var picture in pictures)
        {
            var bytes = picture.Bytes;
            var type = bytes is null ? null : ImageKind.Of(bytes);
            if (type is null || bytes!.Length > budget) // a kind is only found in bytes
            {
                continue;
            }

            budget -= bytes.Length;
            page.Append("<figure><figcaption>").Append(Html(picture.Name)).Append(" · step ").Append(picture.Step.ToString(CultureInfo.InvariantCulture))
                .Append("</figcaption><img alt=\"\" src=\"data:").Append(type).Append(";base64,").Append(Convert.ToBase64String(bytes)).Append("\"></figure>");
        }

        page.Append("</div>\n");
    }

    private static void Texts(StringBuilder page, Run run)
    {
        const int Longest = 20_000;
        foreach (var (name, step, text) in run.Texts.GroupBy(t => t.Name, StringComparer.Ordinal).Take(50).Select(g => g.Last()))
        {
            Pre(page, $"{name} · step {step}", text.Length <= Longest ? text : text[..Longest] + " …");
        }
    }

    private static void Checkpoints(StringBuilder page, Run run)
    {
        var files = run.Checkpoints.ToList();
        if (files.Count == 0)
        {
            return;
        }

        page.Append("<h2>Checkpoints</h2><table><tr><th>file</th><th>size</th><th>written</th></tr>");
        foreach (var file in files)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Html(file.Name)}</td><td>{file.Length / 1e6:0.###} MB</td><td>{file.LastWriteTimeUtc:u}</td></tr>");
        }

        page.Append("</table>\n");
    }

    private static void EnvironmentOf(StringBuilder page, Run run)
    {
        // an older folder does not say: then what this process knows is the best there is
        var entries = run.Environment.Count > 0
            ? run.Environment
            : [.. RunEnvironment.Current().Select(p => KeyValuePair.Create(p.Key, Convert.ToString(p.Value, CultureInfo.InvariantCulture) ?? ""))];
        Pre(page, "Command", entries.FirstOrDefault(e => e.Key == "command").Value ?? "");
        Entries(page, "Environment", entries);
    }

    private static void Entries(StringBuilder page, string title, IReadOnlyList<KeyValuePair<string, string>> entries, string? remark = null)
    {
        if (entries.Count == 0)
        {
            return;
        }

        page.Append("<h2>").Append(title).Append("</h2>");
        if (remark is not null)
        {
            page.Append("<p class=\"muted\">").Append(remark).Append("</p>");
        }

        page.Append("<table>");
        foreach (var (key, value) in entries)
        {
            page.Append("<tr><th>").Append(Html(key)).Append("</th><td>").Append(Html(value)).Append("</td></tr>");
        }

        page.Append("</table>\n");
    }

    private static void Layers(StringBuilder page, IReadOnlyList<IReadOnlyList<string>> layers)
    {
        if (layers.Count == 0)
        {
            return;
        }

        page.Append("<table><tr><th>layer</th><th>type</th><th>parameters</th></tr>");
        foreach (var layer in layers)
        {
            page.Append("<tr>");
            foreach (var cell in layer)
            {
                page.Append("<td>").Append(Html(cell)).Append("</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table>\n");
    }

    private static void Pre(StringBuilder page, string title, string text)
    {
        if (text.Length > 0)
        {
            page.Append("<h2>").Append(Html(title)).Append("</h2><pre>").Append(Html(text)).Append("</pre>\n");
        }
    }

    private static string Data(Run run)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("series");
            foreach (var name in run.Names)
            {
                if (name != "epoch" && run.Find(name) is { } series)
                {
                    RunJson.Series(json, name, Downsample.Of(series, PointsPerCurve));
                }
            }

            json.WriteEndArray();
            json.WriteStartArray("summary");
            foreach (var name in run.Names)
            {
                if (run.Find(name) is { } series)
                {
                    RunJson.Summary(json, name, series);
                }
            }

            json.WriteEndArray();
            RunJson.Histograms(json, run);
            RunJson.Tables(json, run);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Text as text: markup is encoded, and control characters other than line ends and tabs become visible.</summary>
    private static string Html(string text) => WebUtility.HtmlEncode(
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => string.Join('\t', line.Split('\t').Select(TextEscape.ForConsole)))));
}
