using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LightningSharp.Dashboard.Runs;
using LightningSharp.Logging;
using LightningSharp.Report;
using LightningSharp.Report.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LightningSharp.Dashboard;

/// <summary>What the page asks for. Everything is JSON that we write ourselves, so that it works trimmed and compiled ahead of time.</summary>
internal static class DashboardApi
{
    private const int MostRunsAtOnce = 20;

    internal static void Map(WebApplication app, RunCatalog catalog, DashboardOptions options)
    {
        app.MapGet("/", Page);
        app.MapGet("/api/runs", (HttpContext context) => Json(context, json => Runs(json, catalog, new(context.Request.Query["filter"].ToString()))));
        app.MapGet("/api/compare", (HttpContext context) => Json(context, json => RunComparison.Write(json, catalog, Asked(context))));
        app.MapGet("/api/names", (HttpContext context) => Json(context, json => Names(json, catalog, Asked(context))));
        app.MapGet("/api/series", (HttpContext context) => Json(context, json => SeriesOf(json, catalog, context.Request.Query)));
        app.MapGet("/api/run", (HttpContext context) => Details(context, catalog));
        app.MapGet("/report", (HttpContext context) => ReportOf(context, catalog));
        app.MapGet("/api/picture", (HttpContext context) => Picture(context, catalog));
        app.MapGet("/api/events", (HttpContext context) => Follow(context, catalog, options.RefreshEvery));
        app.MapPost("/api/control", (HttpContext context) => Control(context, catalog, options));
    }

    private static Task Page(HttpContext context)
    {
        var script = ReportAssets.Read("chart.js") + Assets.Read("dashboard.js");
        var style = ReportAssets.Read("style.css");
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; connect-src 'self'; img-src 'self'; script-src {ReportAssets.PolicyHash(script)}; style-src {ReportAssets.PolicyHash(style)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Assets.Read("dashboard.html")
            .Replace("/*style*/", style, StringComparison.Ordinal).Replace("/*script*/", script, StringComparison.Ordinal));
    }

    private static void Runs(Utf8JsonWriter json, RunCatalog catalog, RunFilter filter)
    {
        json.WriteStartArray();
        foreach (var (id, changed) in catalog.List(filter))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("changed", changed);
            json.WriteBoolean("live", DateTime.UtcNow - changed < TimeSpan.FromSeconds(60));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Names(Utf8JsonWriter json, RunCatalog catalog, IEnumerable<string> ids)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            catalog.Use(id, run => names.UnionWith(run.Names));
        }

        json.WriteStartArray();
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static void SeriesOf(Utf8JsonWriter json, RunCatalog catalog, IQueryCollection query)
    {
        var name = query["name"].ToString();
        var points = (int)Math.Clamp(Number(query, "points", 1_000), 10, 10_000);
        var smoothing = Math.Clamp(Number(query, "smoothing", 0), 0, 0.9999);
        var (from, to) = (Step(query, "from", long.MinValue), Step(query, "to", long.MaxValue));
        json.WriteStartArray();
        foreach (var id in query["run"].Take(MostRunsAtOnce))
        {
            catalog.Use(id ?? "", run =>
            {
                if (run.Find(name) is { } series)
                {
                    RunJson.Series(json, id ?? "", Downsample.Of(series, points, smoothing, from, to));
                }
            });
        }

        json.WriteEndArray();
    }

    private static Task Details(HttpContext context, RunCatalog catalog)
    {
        var found = false;
        return Json(context, json => found = catalog.Use(context.Request.Query["run"].ToString(), run => RunDetails.Write(json, run)), () => found);
    }

    /// <summary>The run's report as it would be written now; the page's own policy comes in its head and may only be stricter than this one.</summary>
    private static Task ReportOf(HttpContext context, RunCatalog catalog)
    {
        string? page = null;
        if (!catalog.Use(context.Request.Query["run"].ToString(), run => page = RunReport.Page(run)) || page is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.Headers.ContentSecurityPolicy = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page);
    }

    private static Task Picture(HttpContext context, RunCatalog catalog)
    {
        byte[]? bytes = null;
        var index = (int)Number(context.Request.Query, "index", -1);
        catalog.Use(context.Request.Query["run"].ToString(), run => bytes = index >= 0 && index < run.Pictures.Count ? run.Pictures[index].Bytes : null);
        if (bytes is null || ImageKind.Of(bytes) is not { } type)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }

    /// <summary>Server-sent events: one each time a shown run has something new; the page then asks for the curves that it shows.</summary>
    private static IResult Follow(HttpContext context, RunCatalog catalog, TimeSpan every)
        => TypedResults.ServerSentEvents(Changes(catalog, [.. Asked(context)], every, context.RequestAborted), "changed");

    private static async IAsyncEnumerable<string> Changes(
        RunCatalog catalog, string[] ids, TimeSpan every, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new long[ids.Length];
        using var timer = new PeriodicTimer(every);
        for (var round = 0L; await Next(timer, cancellation).ConfigureAwait(false); round++)
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var version = seen[i];
                catalog.Use(ids[i], run => version = run.Version);
                if (version != seen[i])
                {
                    seen[i] = version;
                    yield return ids[i];
                }
            }
        }
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false; // the page was closed
        }
    }

    private static Task Control(HttpContext context, RunCatalog catalog, DashboardOptions options)
    {
        var requests = context.Request.Query["action"].ToString() switch { "stop" => RunRequests.Stop, "save" => RunRequests.Save, _ => RunRequests.None };
        // a header that only our own page's script can set: a form on another site cannot
        if (!options.AllowControl || !context.Request.Headers.ContainsKey("X-LightningSharp"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
        else if (requests == RunRequests.None)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else if (!catalog.Use(context.Request.Query["run"].ToString(), run => RunControl.Ask(run.Directory, requests)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<string> Asked(HttpContext context) => context.Request.Query["run"].OfType<string>().Take(MostRunsAtOnce);

    private static double Number(IQueryCollection query, string name, double missing)
        => double.TryParse(query[name].ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : missing;

    private static long Step(IQueryCollection query, string name, long missing)
        => Number(query, name, double.NaN) is var value && double.IsNaN(value) ? missing : (long)Math.Clamp(value, -9e18, 9e18);

    private static async Task Json(HttpContext context, Action<Utf8JsonWriter> write, Func<bool>? found = null)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        context.Response.ContentType = "application/json";
        if (found?.Invoke() == false)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await context.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)).ConfigureAwait(false);
    }
}
