using System.Globalization;
using System.Text.Json.Nodes;
using LightningSharp.Checkpointing;

namespace LightningSharp.Conformance;

/// <summary>Compares what the files of a run hold: tables of metrics, hyper-parameters, keys of checkpoints, saved schedulers.</summary>
internal static class FileCheck
{
    /// <summary>Rows of a CSV table as their non-empty cells, whatever the order of the columns; lines in order.</summary>
    public static JsonArray Table(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(',')).ToList();
        return new([.. lines.Skip(1).Select(line => new JsonObject(line.Select((cell, i) => (Name: lines[0][i], Cell: cell)).Where(item => item.Cell.Length > 0)
            .OrderBy(item => item.Name, StringComparer.Ordinal).Select(item => KeyValuePair.Create(item.Name, (JsonNode?)double.Parse(item.Cell, CultureInfo.InvariantCulture)))))]);
    }

    public static string? Text(CaseRun run, string name)
        => Directory.EnumerateFiles(run.Root, name, SearchOption.AllDirectories).FirstOrDefault() is { } file ? File.ReadAllText(file) : null;

    /// <summary>The keys of the newest checkpoint but our own entry, which Lightning has not.</summary>
    public static JsonArray Keys(string file)
    {
        using var checkpoint = CheckpointFile.Read(file);
        return new([.. checkpoint.Keys.Where(key => key != "lightningsharp").Select(key => (JsonNode)key.Replace("StatefulToyDataModule", "ToyDataModule", StringComparison.Ordinal))]);
    }

    /// <summary>Saves by hand after the run: the hooks and the keys.</summary>
    public static (List<Row> Rows, JsonObject Keys) SaveByHand(CaseRun run)
    {
        var (all, weights) = (Path.Combine(run.Root, "m.ckpt"), Path.Combine(run.Root, "w.ckpt"));
        _ = run.Recorder.Take();
        run.Trainer.SaveCheckpoint(all);
        var rows = run.Recorder.Take();
        run.Trainer.SaveCheckpoint(weights, weightsOnly: true);
        rows.AddRange(run.Recorder.Take().Where(row => row.Key != "C.on_save_checkpoint")); // callbacks take part in ours (D-EMA)
        return (rows, new JsonObject { ["m.ckpt"] = Keys(all), ["w.ckpt"] = Keys(weights) });
    }

    /// <summary>Lines in any order: Python's writer sorts its keys, ours keeps theirs.</summary>
    public static bool SameLines(string expected, string? actual)
        => actual is not null && Sorted(expected).SequenceEqual(Sorted(actual));

    private static IEnumerable<string> Sorted(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).Order(StringComparer.Ordinal);

    /// <summary>Settings and saved state of the schedulers, as far as Lightning's record has them and both keep them; the step and the rates must be among them.</summary>
    public static IEnumerable<string> Schedulers(JsonArray expected, Trainer trainer)
    {
        if (expected.Count != trainer.Schedulers.Count) yield return $"expected {expected.Count} schedulers, got {trainer.Schedulers.Count}";
        foreach (var (record, setup) in expected.OfType<JsonObject>().Zip(trainer.Schedulers))
        {
            var settings = new JsonObject
            {
                ["interval"] = setup.Interval == SchedulerInterval.Step ? "step" : "epoch", ["frequency"] = setup.Frequency, ["monitor"] = setup.Monitor, ["strict"] = setup.Strict, ["name"] = setup.Name,
            };
            foreach (var (key, value) in settings)
            {
                if (!Compare.Same(record[key], value)) yield return $"scheduler {key}: expected {record[key]?.ToJsonString()}, got {value?.ToJsonString()}";
            }

            var state = setup.Scheduler.StateDict();
            foreach (var key in new[] { "last_epoch", "_last_lr" })
            {
                if (!state.ContainsKey(key)) yield return $"scheduler state has no {key}: it has {string.Join(", ", state.Keys)}";
            }

            foreach (var (key, value) in record["state"]!.AsObject())
            {
                if (key is "_get_lr_called_within_step" or "verbose" or "anneal_func" or "_schedule_phases" or "lr_lambdas" || !state.TryGetValue(key, out var ours)) continue;
                var node = Node(ours);
                if (!Compare.Same(value, node)) yield return $"scheduler state {key}: expected {value?.ToJsonString()}, got {node?.ToJsonString()}";
            }
        }
    }

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool flag => flag,
        string text => text,
        TorchSharp.torch.Tensor tensor => Plain.Values(tensor),
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Node)]),
        _ => Plain.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
    };
}
