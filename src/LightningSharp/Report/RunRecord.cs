using System.Text.Json;
using LightningSharp.Callbacks;
using LightningSharp.Terminal;
using LightningSharp.Logging;

namespace LightningSharp.Report;

/// <summary>
/// <c>run.json</c> in the run's folder: command, environment, options and model, written when training begins and completed when it ends.
/// A report can be made from it after a crash too. The file is replaced in one step.
/// </summary>
internal sealed class RunRecord
{
    /// <summary>The usual file name.</summary>
    public const string FileName = "run.json";

    private const int MostLayers = 200;

    private readonly string _path;
    private readonly Dictionary<string, object?> _content;

    private RunRecord(string path, Dictionary<string, object?> content) => (_path, _content) = (path, content);

    /// <summary>Writes what is known when training begins.</summary>
    public static RunRecord Begin(string directory, TrainerOptions options, ILightningModule model, string? resumedFrom)
    {
        var record = new RunRecord(Path.Combine(directory, FileName), new()
        {
            ["format"] = 1L,
            ["status"] = "running",
            ["started"] = DateTimeOffset.UtcNow,
            ["environment"] = RunEnvironment.Current(),
            ["options"] = OptionsText.Changed(options),
            ["model"] = Model(model),
            ["layers"] = Layers(model),
            ["resumed_from"] = resumedFrom,
        });
        record.Write();
        return record;
    }

    /// <summary>Completes the file.</summary>
    public void End(RunStatus status, Dictionary<string, object?> result)
    {
        (_content["status"], _content["ended"], _content["result"]) = (status.ToString(), DateTimeOffset.UtcNow, result);
        Write();
    }

    private static Dictionary<string, object?> Model(ILightningModule model)
    {
        var summary = ModelSummary.Of(model.Module, maxDepth: 0);
        return new()
        {
            ["type"] = model.Module.GetType().Name,
            ["parameters"] = summary.TotalParameters,
            ["trainable parameters"] = summary.TrainableParameters,
            ["device"] = model.Device.ToString(),
        };
    }

    private static List<object?> Layers(ILightningModule model)
        => [.. ModelSummary.Of(model.Module).Rows.Take(MostLayers).Select(row => (object?)new List<object?> { row.Name, row.Type, row.Parameters })];

    private void Write() => WholeFile.Write(_path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new() { Indented = true });
        JsonPlain.Write(json, _content);
    });
}
