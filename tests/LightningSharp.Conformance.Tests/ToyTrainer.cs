using System.Text.Json;
using System.Text.Json.Nodes;
using LightningSharp.Callbacks;
using LightningSharp.Logging;

namespace LightningSharp.Conformance;

/// <summary>The Trainer's options of a case.</summary>
internal static class ToyTrainer
{
    public static TrainerOptions Options(JsonObject spec, Recorder recorder, IReadOnlyCollection<string> snapshots)
    {
        var callbacks = (spec["callbacks"] as JsonArray ?? []).OfType<JsonObject>().Select(item => Callback(item, recorder, snapshots)).OfType<Callback>().ToList();
        return new TrainerOptions
        {
            Accelerator = Accelerator.Cpu,
            DefaultRootDir = recorder.Root,
            EnableProgressBar = false,
            Console = ConsoleMode.Quiet,
            EnableModelSummary = false,
            EnableCheckpointing = callbacks.OfType<ModelCheckpoint>().Any(),
            Callbacks = callbacks,
            Loggers = Loggers(spec["logger"], recorder),
            CheckpointIO = new RecorderCheckpointIO(recorder),
            LogEveryNSteps = (int?)spec["log_every_n_steps"] ?? 1,
            MaxEpochs = (int?)spec["max_epochs"],
            MinEpochs = (int?)spec["min_epochs"],
            MaxSteps = (long?)spec["max_steps"],
            MinSteps = (long?)spec["min_steps"],
            NumSanityValSteps = (int?)spec["num_sanity_val_steps"] ?? 2,
            LimitTrainBatches = Limit(spec["limit_train_batches"], LightningSharp.Limit.All),
            LimitValBatches = Limit(spec["limit_val_batches"], LightningSharp.Limit.All),
            LimitTestBatches = Limit(spec["limit_test_batches"], LightningSharp.Limit.All),
            LimitPredictBatches = Limit(spec["limit_predict_batches"], LightningSharp.Limit.All),
            OverfitBatches = Limit(spec["overfit_batches"], LightningSharp.Limit.None),
            FastDevRun = spec["fast_dev_run"] switch
            {
                null => false,
                { } node when node.GetValueKind() is JsonValueKind.True or JsonValueKind.False => (bool)node,
                { } node => (int)node,
            },
            ValCheckInterval = spec["val_check_interval"] switch
            {
                null => Every.Fraction(1.0),
                { } node when IsFraction(node) => Every.Fraction((double)node),
                { } node => Every.Batches((int)node),
            },
            CheckValEveryNEpoch = spec.ContainsKey("check_val_every_n_epoch") ? (int?)spec["check_val_every_n_epoch"] : 1,
            AccumulateGradBatches = (int?)spec["accumulate_grad_batches"] ?? 1,
            GradientClipVal = (double?)spec["gradient_clip_val"],
            GradientClipAlgorithm = (string?)spec["gradient_clip_algorithm"] == "value" ? GradientClipAlgorithm.Value : GradientClipAlgorithm.Norm,
            Precision = (string?)spec["precision"] is { } precision ? Precision.Parse(precision) : Precision.Float32,
            ReloadDataloadersEveryNEpochs = (int?)spec["reload_dataloaders_every_n_epochs"] ?? 0,
        };
    }

    private static bool IsFraction(JsonNode node) => node.ToJsonString().Contains('.', StringComparison.Ordinal);

    private static Limit Limit(JsonNode? node, Limit otherwise) => node is null ? otherwise : IsFraction(node) ? LightningSharp.Limit.Fraction((double)node) : LightningSharp.Limit.Batches((int)node);

    private static List<IMetricLogger> Loggers(JsonNode? node, Recorder recorder)
    {
        if (node is null || node.GetValueKind() is JsonValueKind.False) return [];
        var list = new List<IMetricLogger>();
        foreach (var name in ((string)node!).Split('+')) list.Add(name == "csv" ? new CsvLogger(recorder.Root, "logs", "version_0") : new RecorderLogger(recorder));
        return list;
    }

    private static Callback? Callback(JsonObject spec, Recorder recorder, IReadOnlyCollection<string> snapshots) => (string)spec["kind"]! switch
    {
        "Recorder" when spec["state"] is not null => new StatefulRecorder(recorder, (string)spec["name"]!, spec, snapshots),
        "Recorder" => new RecorderCallback(recorder, (string)spec["name"]!, spec, snapshots),
        "ModelCheckpoint" => Checkpoint(spec, recorder),
        "EarlyStopping" => new EarlyStopping((string)spec["monitor"]!)
        {
            MinDelta = (double?)spec["min_delta"] ?? 0,
            Patience = (int?)spec["patience"] ?? 3,
            Verbose = (bool?)spec["verbose"] ?? false,
            Mode = (string?)spec["mode"] == "max" ? MonitorMode.Max : MonitorMode.Min,
            Strict = (bool?)spec["strict"] ?? true,
            CheckFinite = (bool?)spec["check_finite"] ?? true,
            StoppingThreshold = (double?)spec["stopping_threshold"],
            DivergenceThreshold = (double?)spec["divergence_threshold"],
            CheckOnTrainEpochEnd = (bool?)spec["check_on_train_epoch_end"],
        },
        "Timer" => new Callbacks.Timer((string)spec["duration"]!, (string?)spec["interval"] == "epoch" ? TimerInterval.Epoch : TimerInterval.Step),
        "GradientAccumulationScheduler" => new GradientAccumulationScheduler(spec["scheduling"]!.AsObject().ToDictionary(entry => int.Parse(entry.Key), entry => (int)entry.Value!)),
        "LearningRateMonitor" => new LearningRateMonitor(
            (string?)spec["logging_interval"] switch { "epoch" => LearningRateInterval.Epoch, "step" => LearningRateInterval.Step, _ => LearningRateInterval.Automatic },
            (bool?)spec["log_momentum"] ?? false, (bool?)spec["log_weight_decay"] ?? false),
        "LambdaCallback" => new LambdaCallback(
            setup: context => Note(recorder, "setup", context.Stage.ToString().ToLowerInvariant()),
            onTrainStart: context => Note(recorder, "on_train_start", context.Trainer.CurrentEpoch),
            onTrainBatchEnd: context => Note(recorder, "on_train_batch_end", context.BatchIndex),
            onTrainEnd: context => Note(recorder, "on_train_end", context.Trainer.CurrentEpoch)),
        var other => SpecialToys.Callback(other, spec, recorder),
    };

    private static void Note(Recorder recorder, string hook, JsonNode value) => recorder.Notes.Add(new JsonArray(hook, value));

    private static ModelCheckpoint Checkpoint(JsonObject spec, Recorder recorder) => new()
    {
        DirPath = (string?)spec["dirpath"] is { } folder ? Path.Combine(recorder.Root, folder) : null,
        Filename = (string?)spec["filename"],
        Monitor = (string?)spec["monitor"],
        Mode = (string?)spec["mode"] == "max" ? MonitorMode.Max : MonitorMode.Min,
        SaveTopK = (int?)spec["save_top_k"] ?? 1,
        SaveLast = (bool?)spec["save_last"] == true ? SaveLast.Copy : SaveLast.None,
        SaveOnException = (bool?)spec["save_on_exception"] ?? false,
        SaveWeightsOnly = (bool?)spec["save_weights_only"] ?? false,
        AutoInsertMetricName = (bool?)spec["auto_insert_metric_name"] ?? true,
        EveryNTrainSteps = (int?)spec["every_n_train_steps"],
        EveryNEpochs = (int?)spec["every_n_epochs"],
        SaveOnTrainEpochEnd = (bool?)spec["save_on_train_epoch_end"],
        EnableVersionCounter = (bool?)spec["enable_version_counter"] ?? true,
        Verbose = (bool?)spec["verbose"] ?? false,
    };
}
