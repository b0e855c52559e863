using System.Globalization;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>Logs what the case wants logged in a hook, with the arguments that it gives and no others.</summary>
internal sealed class ToyLogs(JsonArray? log, JsonArray? logDict, Recorder recorder)
{
    private readonly Dictionary<JsonNode, int> _calls = [];

    public void In(string hook, ILightningModule module, Tensor? loss, int? batchIndex, int? loader, int? batchSize)
    {
        foreach (var item in Items(log, hook))
        {
            if (item["only_dataloader"] is { } only && (int)only != loader) continue;
            Log(module, (string)item["name"]!, item, Value(item, loss, batchIndex, batchSize), loss, (string?)item["value"] == "loss");
        }

        foreach (var item in Items(logDict, hook))
        {
            foreach (var (name, value) in item["values"]!.AsObject())
            {
                var isLoss = value!.GetValueKind() == System.Text.Json.JsonValueKind.String;
                Log(module, name, item, isLoss ? 0 : (double)value, loss, isLoss);
            }
        }
    }

    public static double Number(JsonNode? node) => node!.GetValueKind() == System.Text.Json.JsonValueKind.String
        ? ((string)node!).ToLowerInvariant() switch
        {
            "nan" => double.NaN,
            "inf" or "infinity" => double.PositiveInfinity,
            _ => double.NegativeInfinity,
        }
        : Convert.ToDouble(node!.ToJsonString(), CultureInfo.InvariantCulture);

    private static IEnumerable<JsonObject> Items(JsonArray? list, string hook) => (list ?? []).OfType<JsonObject>().Where(item => (string)item["in"]! == hook);

    private static void Log(ILightningModule module, string name, JsonObject item, double number, Tensor? loss, bool isLoss)
    {
        var reduction = (string?)item["reduce_fx"] switch
        {
            null or "mean" or "avg" => Reduction.Mean,
            "sum" => Reduction.Sum,
            "min" => Reduction.Min,
            "max" => Reduction.Max,
            var other => throw new MisconfigurationException($"There is no reduction {other}."), // the type Reduction refuses it at compile time
        };
        var bar = (bool?)item["prog_bar"] ?? false;
        var logger = (bool?)item["logger"] ?? true;
        var add = (bool?)item["add_dataloader_idx"] ?? true;
        var size = (int?)item["batch_size"];
        if (isLoss) module.Log(name, loss!, bar, (bool?)item["on_step"], (bool?)item["on_epoch"], reduction, size, logger, add);
        else module.Log(name, number, bar, (bool?)item["on_step"], (bool?)item["on_epoch"], reduction, size, logger, add);
    }

    private double Value(JsonObject item, Tensor? loss, int? batchIndex, int? batchSize)
    {
        if (item["const"] is { } constant) return Number(constant);
        if (item["seq_epoch"] is JsonArray byEpoch) return Number(byEpoch[Math.Min(recorder.Trainer!.CurrentEpoch, byEpoch.Count - 1)]);
        if (item["seq_call"] is JsonArray byCall)
        {
            var call = _calls.GetValueOrDefault(item);
            if (recorder.Trainer!.Stage != Stage.SanityCheck) _calls[item] = call + 1;
            return Number(byCall[Math.Min(call, byCall.Count - 1)]);
        }

        return (string)item["value"]! switch
        {
            "loss" => 0,
            "batch_idx" => batchIndex!.Value,
            "batch_idx_plus_1" => batchIndex!.Value + 1,
            "batch_size" => batchSize!.Value,
            "global_step" => recorder.Trainer!.GlobalStep,
            var other => throw new NotSupportedException(other),
        };
    }
}
