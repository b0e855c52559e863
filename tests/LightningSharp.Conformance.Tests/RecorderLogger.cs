using System.Text.Json.Nodes;
using LightningSharp.Logging;

namespace LightningSharp.Conformance;

/// <summary>A logger that writes rows: name "rec", version 0.</summary>
internal sealed class RecorderLogger(Recorder recorder) : IMetricLogger
{
    public string? Directory => Path.Combine(recorder.Root, "rec", "version_0");

    public void Start(RunInfo run)
    {
    }

    public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
        => recorder.Add("L", "log_metrics", info: new JsonObject { ["step"] = step, ["metrics"] = Plain.Metrics(metrics) });

    public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
    {
        if (parameters.Count > 0) recorder.Add("L", "log_hyperparams", info: new JsonObject { ["params"] = Plain.Node(parameters) });
    }

    public void Flush()
    {
    }

    public void Finish(RunStatus status) => recorder.Add("L", "finalize", info: new JsonObject { ["status"] = status == RunStatus.Succeeded ? "success" : "failed" });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
