using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace LightningSharp.Tests.Logging;

/// <summary>A tracking server on loopback that speaks the documented REST interface and refuses what the real one refuses.</summary>
internal sealed class MlflowServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, string> _experiments = new();
    private readonly Thread _thread;
    private int _failures;

    internal MlflowServer(int port)
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _thread = new(Serve) { IsBackground = true };
        _thread.Start();
    }

    internal ConcurrentQueue<(string Key, double Value, long Step)> Metrics { get; } = new();

    internal ConcurrentDictionary<string, string> Tags { get; } = new();

    internal ConcurrentDictionary<string, string> Parameters { get; } = new();

    internal ConcurrentQueue<string> Runs { get; } = new();

    internal ConcurrentQueue<string> Statuses { get; } = new();

    internal ConcurrentQueue<string> Errors { get; } = new();

    internal ConcurrentDictionary<string, byte[]> Artifacts { get; } = new();

    internal ConcurrentQueue<string?> Authorizations { get; } = new();

    internal int Batches { get; private set; }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal void FailNext(int count) => _failures = count;

    public void Dispose()
    {
        _listener.Abort();
        _thread.Join(TimeSpan.FromSeconds(5));
    }

    private void Serve()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(_listener.GetContext());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        context.Request.InputStream.CopyTo(body);
        Authorizations.Enqueue(context.Request.Headers["Authorization"]);
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            Reply(context, 503, "<html>proxy</html>");
            return;
        }

        var path = context.Request.Url!.AbsolutePath;
        const string artifacts = "/api/2.0/mlflow-artifacts/artifacts/";
        if (path.StartsWith(artifacts, StringComparison.Ordinal) && context.Request.HttpMethod == "PUT")
        {
            Artifacts[path[artifacts.Length..]] = body.ToArray();
            Reply(context, 200, "{}");
            return;
        }

        using var json = body.Length == 0 ? null : JsonDocument.Parse(body.ToArray());
        var (status, text) = Handle(path.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal), context.Request, json?.RootElement ?? default);
        if (status != 200)
        {
            Errors.Enqueue(text);
        }

        Reply(context, status, text);
    }

    private (int Status, string Text) Handle(string method, HttpListenerRequest request, JsonElement body)
    {
        switch (method)
        {
            case "experiments/get-by-name":
                return _experiments.TryGetValue(request.QueryString["experiment_name"]!, out var id)
                    ? (200, $"{{\"experiment\":{{\"experiment_id\":\"{id}\"}}}}")
                    : (404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"no such experiment\"}");
            case "experiments/create":
                _experiments[body.GetProperty("name").GetString()!] = "7";
                return (200, "{\"experiment_id\":\"7\"}");
            case "runs/create":
                Runs.Enqueue(body.GetProperty("run_name").GetString()!);
                return (200, $"{{\"run\":{{\"info\":{{\"run_id\":\"run{Runs.Count}\"}}}}}}");
            case "runs/update":
                Statuses.Enqueue(body.GetProperty("run_id").GetString() + " " + body.GetProperty("status").GetString());
                return (200, "{}");
            case "runs/set-tag":
                Tags[body.GetProperty("key").GetString()!] = body.GetProperty("value").GetString()!;
                return (200, "{}");
            case "runs/log-batch":
                return LogBatch(body);
            default:
                return (404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"\"}");
        }
    }

    private (int Status, string Text) LogBatch(JsonElement body)
    {
        Batches++;
        var metrics = body.TryGetProperty("metrics", out var m) ? m.EnumerateArray().ToList() : [];
        var parameters = body.TryGetProperty("params", out var p) ? p.EnumerateArray().ToList() : [];
        if (metrics.Count > 1000 || parameters.Count > 100 || parameters.Any(x => x.GetProperty("value").GetString()!.Length > 500)
            || metrics.Any(x => x.GetProperty("key").GetString() == "refused"))
        {
            return (400, "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"too much\"}");
        }

        foreach (var metric in metrics)
        {
            var value = metric.GetProperty("value");
            Metrics.Enqueue((
                metric.GetProperty("key").GetString()!,
                value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : value.GetDouble(),
                metric.GetProperty("step").GetInt64()));
        }

        foreach (var parameter in parameters)
        {
            Parameters[parameter.GetProperty("key").GetString()!] = parameter.GetProperty("value").GetString()!;
        }

        return (200, "{}");
    }

    private static void Reply(HttpListenerContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.OutputStream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        context.Response.Close();
    }
}
