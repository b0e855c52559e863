using System.Text.Json.Nodes;
using LightningSharp.Callbacks;

namespace LightningSharp.Conformance;

/// <summary>Compares what a case is about besides its calls: files, states of callbacks, learning rates.</summary>
internal static class ExtraCheck
{
    public static IEnumerable<string> Problems(JsonObject extra, CaseRun run)
    {
        foreach (var (key, expected) in extra)
        {
            JsonNode? actual = key switch
            {
                "files" => Files(run, expected!.AsArray(), run.FilesAfter[0]),
                "files_first" => Files(run, expected!.AsArray(), run.FilesAfter[0]),
                "files_second" or "files_after" => Files(run, expected!.AsArray(), run.FilesAfter[^1]),
                "got" or "modes" or "dtypes" => run.Recorder.Notes,
                "checkpoint_callbacks" when run.FilesAfter.Count == 1 => new JsonArray([.. run.Trainer.Callbacks.OfType<ModelCheckpoint>().Select(callback => State(callback, run.Root))]),
                "checkpoint_callbacks_after" => new JsonArray([.. run.Trainer.Callbacks.OfType<ModelCheckpoint>().Select(callback => State(callback, run.Root))]),
                "checkpoint_callback_second" when run.Trainer.CheckpointCallback is { } callback => State(callback, run.Root),
                "lr" or "lr_second" => Rates(run.Trainer),
                "disc" => Critic(run),
                "callbacks" when expected![0] is JsonArray => new JsonArray([.. Counted(run.Trainer).Select(callback => new JsonArray(NameOf(callback), (callback as EarlyStopping)?.Patience))]),
                "callbacks" => new JsonArray([.. Counted(run.Trainer).Select(callback => (JsonNode)NameOf(callback))]),
                "lrs" => LearningRates(run.Trainer),
                "early_stopping" => EarlyStoppingState(run.Trainer, expected!.AsObject()),
                "state_dict" => Weights(run),
                "metrics_csv" => FileCheck.Table((string)expected!).ToJsonString() is var wanted && FileCheck.Text(run, "metrics.csv") is { } csv
                    && Compare.Same(JsonNode.Parse(wanted), FileCheck.Table(csv)) ? expected : FileCheck.Text(run, "metrics.csv"),
                "hparams_yaml" => FileCheck.SameLines((string)expected!, FileCheck.Text(run, "hparams.yaml")) ? expected : FileCheck.Text(run, "hparams.yaml"),
                "key_order" => FileCheck.Keys(Path.Combine(run.Root, run.FilesAfter[0][0])),
                "keys" => FileCheck.SaveByHand(run).Keys,
                "schedulers" => FileCheck.Schedulers(expected!.AsArray(), run.Trainer).ToList() is { Count: > 0 } differences ? string.Join("; ", differences) : expected,
                "trace_after" => Compare.Rows(Expectation.Rows(expected!.AsArray()), FileCheck.SaveByHand(run).Rows) is { Count: > 0 } lines ? string.Join("; ", lines) : expected,
                _ => expected, // compared elsewhere, or a Python detail
            };
            if (!Compare.Same(expected, actual)) yield return $"extra {key}: expected {expected?.ToJsonString()}, got {actual?.ToJsonString()}";
        }
    }

    private static JsonArray Files(CaseRun run, JsonArray expected, List<string> files)
    {
        var others = expected.Select(item => (string)item!).Where(file => !file.EndsWith(".ckpt", StringComparison.Ordinal) && File.Exists(Path.Combine(run.Root, file)));
        return new JsonArray([.. files.Concat(others).Order(StringComparer.Ordinal).Select(file => (JsonNode)file)]);
    }

    private static JsonObject State(ModelCheckpoint callback, string root)
    {
        string Shown(string? path) => path is null ? string.Empty : path.Replace(root, "{root}", StringComparison.Ordinal).Replace('\\', '/');
        return new JsonObject
        {
            ["best_model_path"] = Shown(callback.BestModelPath),
            ["best_model_score"] = callback.BestModelScore is { } best ? Plain.Number(best) : null,
            ["kth_best_model_path"] = Shown(callback.KthBestModelPath),
            ["kth_value"] = Plain.Number(callback.KthValue),
            ["best_k_models"] = new JsonObject(callback.BestKModels.Select(entry => KeyValuePair.Create(Shown(entry.Key), (JsonNode?)Plain.Number(entry.Value)))),
            ["last_model_path"] = Shown(callback.LastModelPath),
            ["current_score"] = callback.CurrentScore is { } score ? Plain.Number(score) : null,
            ["dirpath"] = Shown(callback.Directory),
            ["state_key"] = callback.StateKey,
        };
    }

    private static JsonArray Rates(Trainer trainer)
        => new([.. trainer.Optimizers.SelectMany(optimizer => optimizer.Optimizer.ParamGroups).Select(group => (JsonNode)group.LearningRate)]);

    private static JsonObject? Critic(CaseRun run)
        => run.Module is ToyGan gan ? new JsonObject { ["weight"] = Plain.Values(gan.Critic.weight), ["bias"] = Plain.Values(gan.Critic.bias!) } : null;

    // The start banner is ours alone and shows nothing here.
    private static IEnumerable<Callback> Counted(Trainer trainer) => trainer.Callbacks.Where(callback => callback.GetType().Name != "Banner");

    private static string NameOf(Callback callback) => callback is RecorderHooks ? "RecCallback" : callback.GetType().Name;

    private static JsonObject LearningRates(Trainer trainer)
        => new(trainer.Callbacks.OfType<LearningRateMonitor>().First().LearningRates
            .Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)new JsonArray([.. entry.Value.Select(rate => (JsonNode)rate)]))));

    // The checks after each epoch are seen in the trace: when training ends; here the state at the end.
    private static JsonObject EarlyStoppingState(Trainer trainer, JsonObject expected)
    {
        var callback = trainer.Callbacks.OfType<EarlyStopping>().First();
        var state = expected.DeepClone().AsObject();
        state["stopped_epoch"] = callback.StoppedEpoch;
        state["wait_count"] = callback.WaitCount;
        state["best_score"] = Plain.Number(callback.BestScore);
        state["patience"] = callback.Patience;
        state["state_key"] = callback.StateKey;
        return state;
    }

    private static JsonObject Weights(CaseRun run)
        => new(run.Module.Module.state_dict().Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Plain.Values(entry.Value))));
}
