using System.Buffers;
using System.Text;
using System.Text.Json;
using LightningSharp.Logging;

namespace LightningSharp.Terminal;

/// <summary>One JSON object per event and line. Numbers that JSON has no word for are the texts NaN, Infinity and -Infinity.</summary>
internal sealed class JsonDisplay(TextWriter writer, TimeProvider time) : Display(time)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Lock _lock = new();

    public override TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    public override void Start(RunFacts facts) => Write("start", json =>
    {
        json.WriteString("version", facts.Version);
        json.WriteString("torchsharp", facts.TorchSharp);
        json.WriteString("libtorch", facts.LibTorch);
        json.WriteString("dotnet", facts.Runtime);
        json.WriteString("device", facts.Device);
        json.WriteNumber("threads", facts.Threads);
        json.WriteString("precision", facts.Precision);
        if (facts.Seed is { } seed) json.WriteNumber("seed", seed);
        if (facts.RunDirectory is { } folder) json.WriteString("run_directory", folder);
    });

    public override void Summary(SummaryTable table) => Write("summary", json =>
    {
        json.WriteNumber("total_parameters", table.TotalParameters);
        json.WriteNumber("trainable_parameters", table.TrainableParameters);
        json.WriteNumber("size_in_bytes", table.SizeInBytes);
        if (table.TotalFlops is { } flops) json.WriteNumber("flops", flops);
        json.WriteStartArray("layers");
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteString("type", row.Type);
            json.WriteNumber("parameters", row.Parameters);
            json.WriteNumber("trainable_parameters", row.TrainableParameters);
            if (row.Output is { } shape)
            {
                json.WriteStartArray("output");
                foreach (var size in shape) json.WriteNumberValue(size);
                json.WriteEndArray();
            }

            if (row.Flops is { } own) json.WriteNumber("flops", own);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public override void Progress(ProgressState state) => Write("progress", json =>
    {
        json.WriteString("stage", state.Validation is null ? Name(state.Stage) : Name(Stage.Validate));
        json.WriteNumber("epoch", state.Epoch);
        json.WriteNumber("batch", state.Validation?.Batch ?? state.Batch);
        if ((state.Validation is { } validation ? validation.Batches : state.Batches) is { } batches) json.WriteNumber("batches", batches);
        json.WriteNumber("elapsed_seconds", Math.Round(state.Elapsed.TotalSeconds, 3));
        if (state.RunRemaining is { } left) json.WriteNumber("remaining_seconds", Math.Round(left.TotalSeconds, 1));
        Number(json, "batches_per_second", Math.Round(state.Rate, 3));
        if (state.Loss is { } loss) Number(json, "loss", loss);
        Metrics(json, state.Metrics);
    });

    public override void Epoch(EpochFacts facts) => Write("epoch", json =>
    {
        json.WriteNumber("epoch", facts.Epoch);
        Metrics(json, facts.Metrics);
        if (facts.LearningRate is { } rate) Number(json, "learning_rate", rate);
        Number(json, "samples_per_second", Math.Round(facts.SamplesPerSecond, 3));
        json.WriteNumber("elapsed_seconds", Math.Round(facts.Elapsed.TotalSeconds, 3));
        json.WriteBoolean("is_best", facts.IsBest);
    });

    public override void Evaluation(EvaluationFacts facts) => Write("evaluation", json =>
    {
        json.WriteString("stage", Name(facts.Stage));
        json.WriteStartArray("loaders");
        for (var loader = 0; loader < facts.Loaders.Count; loader++)
        {
            json.WriteStartObject();
            json.WriteString("name", facts.Loaders[loader]);
            Metrics(json, facts.Rows.Where(row => row.Values[loader] is not null).Select(row => KeyValuePair.Create(row.Metric, row.Values[loader]!.Value)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public override void Finish(FinishFacts facts) => Write(facts.IsCanceled ? "canceled" : "finish", json => Finish(json, facts));

    public override void FinishInner(FinishFacts facts) => Write("finish_inner", json => Finish(json, facts));

    public override void Fail(FailureFacts facts) => Write(facts.IsCanceled ? "canceled" : "failed", json =>
    {
        json.WriteString("exception", facts.Exception);
        json.WriteString("message", facts.Message);
        json.WriteString("place", facts.Place);
        json.WriteNumber("elapsed_seconds", Math.Round(facts.Elapsed.TotalSeconds, 3));
        if (facts.RunDirectory is { } folder) json.WriteString("run_directory", folder);
    });

    public override void Log(LogFacts facts) => Write("log", json =>
    {
        json.WriteString("level", facts.Level.ToString());
        json.WriteString("category", facts.Category);
        json.WriteString("text", facts.Text);
    });

    public override void Print(string line) => Write("print", json => json.WriteString("text", line));

    private static void Finish(Utf8JsonWriter json, FinishFacts facts)
    {
        json.WriteString("reason", facts.Reason);
        json.WriteNumber("elapsed_seconds", Math.Round(facts.Elapsed.TotalSeconds, 3));
        if (facts.Best is { } best)
        {
            json.WriteString("monitor", best.Key);
            Number(json, "best", best.Value);
        }

        if (facts.Checkpoint is { } checkpoint) json.WriteString("checkpoint", checkpoint);
        if (facts.RunDirectory is { } folder) json.WriteString("run_directory", folder);
    }

    private static void Metrics(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, double>> metrics)
    {
        json.WriteStartObject("metrics");
        foreach (var (name, value) in metrics) Number(json, name, value);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        JsonPlain.Write(json, value);
    }

    private static string Name(Stage stage) => stage switch
    {
        Stage.SanityCheck => "sanity_check",
        Stage.Validate => "validate",
        Stage.Test => "test",
        Stage.Predict => "predict",
        _ => "fit",
    };

    private void Write(string kind, Action<Utf8JsonWriter> content)
    {
        lock (_lock)
        {
            _buffer.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_buffer))
            {
                json.WriteStartObject();
                json.WriteString("event", kind);
                json.WriteString("time", Time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture));
                content(json);
                json.WriteEndObject();
            }

            writer.WriteLine(Encoding.UTF8.GetString(_buffer.WrittenSpan));
            writer.Flush();
        }
    }
}
