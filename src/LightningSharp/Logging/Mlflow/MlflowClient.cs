using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LightningSharp.Logging.Mlflow;

/// <summary>The few calls of MLflow's REST interface that a run needs. Synchronous: it has a thread of its own.</summary>
internal sealed class MlflowClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _root;

    internal MlflowClient(MlflowOptions options)
    {
        _http = new() { Timeout = options.RequestTimeout };
        _root = options.TrackingUri.TrimEnd('/');
        if (!string.IsNullOrEmpty(options.Token))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        }
    }

    /// <summary>The id of an experiment, created when it does not exist.</summary>
    internal string Experiment(string name)
    {
        try
        {
            using var found = Send(HttpMethod.Get, "experiments/get-by-name?experiment_name=" + Uri.EscapeDataString(name), null);
            return Text(found, "experiment", "experiment_id");
        }
        catch (MlflowRefusal e) when (e.Status == HttpStatusCode.NotFound)
        {
            try
            {
                using var made = Send(HttpMethod.Post, "experiments/create", JsonText.Of(("name", name)));
                return Text(made, "experiment_id");
            }
            catch (MlflowRefusal race) when (race.Code == "RESOURCE_ALREADY_EXISTS")
            {
                using var found = Send(HttpMethod.Get, "experiments/get-by-name?experiment_name=" + Uri.EscapeDataString(name), null);
                return Text(found, "experiment", "experiment_id");
            }
        }
    }

    /// <summary>Makes a run and says its id.</summary>
    internal string CreateRun(string body)
    {
        using var made = Send(HttpMethod.Post, "runs/create", body);
        return Text(made, "run", "info", "run_id");
    }

    internal void Post(string method, string body) => Send(HttpMethod.Post, method, body).Dispose();

    internal void Upload(string runId, string experimentId, string path, string kind)
    {
        using var file = File.OpenRead(path);
        var target = $"{_root}/api/2.0/mlflow-artifacts/artifacts/{experimentId}/{runId}/artifacts/{Uri.EscapeDataString(kind)}/{Uri.EscapeDataString(Path.GetFileName(path))}";
        using var request = new HttpRequestMessage(HttpMethod.Put, target) { Content = new StreamContent(file) };
        using var answer = _http.Send(request);
        Check(answer);
    }

    public void Dispose() => _http.Dispose();

    private static string Text(JsonDocument answer, params ReadOnlySpan<string> path)
    {
        var element = answer.RootElement;
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                throw new MlflowRefusal(HttpStatusCode.OK, "", $"The answer has no '{name}': is this an MLflow server?");
            }
        }

        return element.GetString() ?? "";
    }

    private JsonDocument Send(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"{_root}/api/2.0/mlflow/{path}");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var answer = _http.Send(request);
        Check(answer);
        using var stream = answer.Content.ReadAsStream();
        return JsonDocument.Parse(stream);
    }

    private static void Check(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        using var reader = new StreamReader(answer.Content.ReadAsStream());
        var text = reader.ReadToEnd();
        var (code, message) = ("", text.Length <= 300 ? text : text[..300]);
        try
        {
            using var json = JsonDocument.Parse(text);
            code = json.RootElement.TryGetProperty("error_code", out var c) ? c.GetString() ?? "" : "";
            message = json.RootElement.TryGetProperty("message", out var m) ? m.GetString() ?? "" : message;
        }
        catch (JsonException)
        {
            // a proxy's page, not the server's answer: keep the text
        }

        throw new MlflowRefusal(answer.StatusCode, code, message);
    }
}
