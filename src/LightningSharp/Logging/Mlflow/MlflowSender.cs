using System.Net.Http;
using System.Text;
using System.Text.Json;

namespace LightningSharp.Logging.Mlflow;

/// <summary>Collects what a run logs, keeps it on disk, and sends it from a thread of its own.</summary>
internal sealed class MlflowSender : IDisposable
{
    internal const string RunIdFile = "mlflow_run_id";

    // the server's limits for one log-batch are 1,000 metrics, 100 parameters, 1 MB
    private const int MetricsPerBatch = 800;
    private const int ParametersPerBatch = 100;
    private const int BatchAfterMilliseconds = 2_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly MlflowOptions _options;
    private readonly RunInfo _run;
    private readonly MlflowSpool _spool;
    private readonly MlflowClient _client;
    private readonly Thread _thread;
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _work = new(false);
    private readonly StringBuilder _metrics = new();
    private int _metricCount;
    private long _lastBatch = Environment.TickCount64;
    private string? _experimentId;

    internal MlflowSender(MlflowOptions options, RunInfo run)
    {
        (_options, _run) = (options, run);
        _client = new(options);
        _spool = new(Path.Combine(run.Directory, MlflowSpool.FileName));
        RunId = options.RunId ?? ReadRunId();
        _thread = new(SendAll) { IsBackground = true, Name = "LightningSharp MLflow" };
        _thread.Start();
    }

    internal string? RunId { get; private set; }

    internal string? LastError { get; private set; }

    internal int Unsent => _spool.Count;

    internal void AddMetrics(IReadOnlyDictionary<string, double> metrics, Func<string, string> nameOf, long step)
    {
        var time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var (name, value) in metrics)
        {
            if (name == "step")
            {
                continue; // it is the x-axis
            }

            _metrics.Append(_metricCount++ == 0 ? "" : ",").Append(JsonText.Of(("key", nameOf(name)), ("value", value), ("timestamp", time), ("step", step)));
        }

        if (_metricCount >= MetricsPerBatch || Environment.TickCount64 - _lastBatch > BatchAfterMilliseconds)
        {
            Flush();
        }
    }

    internal void AddParameters(Dictionary<string, string> parameters)
    {
        foreach (var part in parameters.Chunk(ParametersPerBatch))
        {
            Add("runs/log-batch", JsonText.Of(("params", JsonText.Pairs(part))));
        }
    }

    internal void AddArtifact(string path, string kind) => Add("artifact", JsonText.Of(("path", path), ("kind", kind)));

    internal void AddTag(string name, string value) => Add("runs/set-tag", JsonText.Of(("key", name), ("value", value)));

    internal void AddStatus(string status)
    {
        Flush();
        Add("runs/update", JsonText.Of(("status", status), ("end_time", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())));
    }

    /// <summary>Puts the metrics that were collected into the spool.</summary>
    internal void Flush()
    {
        _lastBatch = Environment.TickCount64;
        if (_metricCount > 0)
        {
            Add("runs/log-batch", $"{{\"metrics\":[{_metrics}]}}");
            _metrics.Clear();
            _metricCount = 0;
        }
    }

    internal void WaitUntilSent(TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (_spool.Count > 0 && Environment.TickCount64 < deadline)
        {
            _work.Set();
            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        Flush();
        _stop.Cancel();
        _work.Set();
        var ended = _thread.Join(_options.RequestTimeout + TimeSpan.FromSeconds(1));
        _spool.Dispose();
        if (ended)
        {
            _client.Dispose();
            _work.Dispose();
            _stop.Dispose();
        }
    }

    private void Add(string kind, string body)
    {
        _spool.Add(kind, body);
        _work.Set();
    }

    private void SendAll()
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (!_stop.IsCancellationRequested)
        {
            if (!_spool.TryPeek(out var entry))
            {
                _work.WaitOne(TimeSpan.FromSeconds(1));
                continue;
            }

            try
            {
                Send(entry);
                _spool.Confirm();
                (LastError, pause) = (null, TimeSpan.FromMilliseconds(100));
            }
            catch (MlflowRefusal e) when (!e.MayPass && RunId is not null)
            {
                LastError = e.Message;
                _spool.Confirm(); // it would be refused for ever and hold up everything behind it
            }
            catch (Exception e) when (e is HttpRequestException or MlflowRefusal or IOException or OperationCanceledException or JsonException)
            {
                LastError = e.Message;
                _stop.Token.WaitHandle.WaitOne(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private void Send(MlflowSpool.Entry entry)
    {
        var runId = RunId ?? CreateRun();
        if (entry.Kind != "artifact")
        {
            // bodies are objects; the run's id is known only now
            _client.Post(entry.Kind, $"{{\"run_id\":{JsonString(runId)},{entry.Body.AsSpan(1)}");
            return;
        }

        using var body = JsonDocument.Parse(entry.Body);
        var path = body.RootElement.GetProperty("path").GetString() ?? "";
        if (File.Exists(path))
        {
            _experimentId ??= _client.Experiment(_options.ExperimentName);
            _client.Upload(runId, _experimentId, path, body.RootElement.GetProperty("kind").GetString() ?? "");
        }
    }

    private string CreateRun()
    {
        _experimentId ??= _client.Experiment(_options.ExperimentName);
        var name = _options.RunName ?? _run.Version;
        var tags = new Dictionary<string, string>(_options.Tags) { ["mlflow.runName"] = name, ["mlflow.source.type"] = "LOCAL" };
        RunId = _client.CreateRun(JsonText.Of(
            ("experiment_id", _experimentId), ("run_name", name), ("start_time", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), ("tags", JsonText.Pairs(tags))));
        File.WriteAllText(Path.Combine(_run.Directory, RunIdFile), RunId);
        return RunId;
    }

    private string? ReadRunId()
    {
        var path = Path.Combine(_run.Directory, RunIdFile);
        return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } id ? id : null;
    }

    private static string JsonString(string text) => '"' + JsonEncodedText.Encode(text).ToString() + '"';
}
