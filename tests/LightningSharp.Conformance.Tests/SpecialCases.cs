using System.Text.Json.Nodes;
using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Tuning;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>Cases that are not one run with a trace, but rows of small experiments.</summary>
internal static class SpecialCases
{
    public static Dictionary<string, Func<JsonObject, List<string>>> All { get; } = new()
    {
        ["loop.estimated_stepping_batches"] = EstimatedSteppingBatches,
        ["logging.from_hooks_both"] = FromHooks,
        ["logging.same_key_twice"] = SameKeyTwice,
        ["logging.batch_size_inference"] = BatchSizes,
        ["logging.csv_logger_flush"] = CsvFlush,
        ["loop.trainer_defaults"] = TrainerDefaults,
        ["eval.ckpt_path_errors"] = CheckpointPathErrors,
        ["tuner.batch_size_power"] = ScaleBatchSize,
        ["tuner.batch_size_power_dataset_limit"] = ScaleBatchSize,
        ["tuner.batch_size_power_max_trials"] = ScaleBatchSize,
        ["tuner.lr_find_linear"] = LearningRateFind,
        ["resume.load_from_checkpoint"] = LoadedCases.Run,
    };

    private static JsonArray Expected(JsonObject testCase) => testCase["expected"]!["extra"]!["rows"]!.AsArray();

    private static JsonObject Case(JsonObject model, JsonObject trainer, bool validation) => new()
    {
        ["config"] = new JsonObject
        {
            ["calls"] = new JsonArray(new JsonObject { ["call"] = "fit" }),
            ["data"] = validation
                ? new JsonObject { ["train"] = Loader(4), ["val"] = Loader(4) }
                : new JsonObject { ["train"] = Loader(4) },
            ["model"] = model,
            ["trainer"] = trainer,
        },
    };

    private static JsonObject Loader(int rows) => new() { ["n"] = rows, ["batch"] = 2 };

    private static List<string> EstimatedSteppingBatches(JsonObject testCase)
    {
        var problems = new List<string>();
        foreach (var row in Expected(testCase).OfType<JsonObject>())
        {
            var spec = row["trainer"]!.DeepClone().AsObject();
            spec["callbacks"] = new JsonArray();
            var endless = (int?)spec["max_epochs"] == -1 && (int?)spec["max_steps"] == -1;
            long? value = -1;
            using var folder = new TemporaryFolder();
            var recorder = new Recorder(folder.Path, new CancellationTokenSource());
            using var model = new Asking(trainer =>
            {
                value = trainer.EstimatedSteppingBatches;
                if (endless) trainer.Stop("it would never end");
            });
            new Trainer(ToyTrainer.Options(spec, recorder, [])).Fit(model, ToyData.One(Loader(10), 0));
            JsonNode shown = value is { } number ? number : "Infinity";
            if (!Compare.Same(row["value"], shown)) problems.Add($"{row["trainer"]!.ToJsonString()}: expected {row["value"]}, got {shown}");
        }

        return problems;
    }

    private static List<string> FromHooks(JsonObject testCase)
    {
        var problems = new List<string>();
        foreach (var row in Expected(testCase).OfType<JsonObject>())
        {
            var log = row["flags"]!.DeepClone().AsObject();
            (log["in"], log["name"], log["const"]) = ((string)row["hook"]!, "x", 1.0);
            var model = new JsonObject
            {
                ["trace"] = "full", ["log"] = new JsonArray(log),
                ["schedulers"] = new JsonArray(new JsonObject { ["kind"] = "StepLR", ["args"] = new JsonObject { ["step_size"] = 1 } }),
            };
            var trainer = new JsonObject { ["max_epochs"] = 1, ["num_sanity_val_steps"] = 0, ["callbacks"] = new JsonArray(new JsonObject { ["kind"] = "ModelCheckpoint", ["dirpath"] = "ck" }) };
            using var run = new CaseRun(Case(model, trainer, validation: true));
            run.Run();
            problems.AddRange(RowProblems(row, run.Results[0], $"{row["hook"]} {row["flags"]!.ToJsonString()}"));
        }

        return problems;
    }

    private static IEnumerable<string> RowProblems(JsonObject row, CallResult result, string name)
    {
        if ((string)row["outcome"]! == "exception")
        {
            if (result.Exception is null || !Outcome.Fits((string)row["exception_type"]!, (string)row["message"]!, result.Exception)) yield return $"{name}: expected {row["message"]}, got {result.Exception?.Message ?? "ok"}";
            yield break;
        }

        if (result.Exception is not null) yield return $"{name}: {result.Exception}";
        if (row["keys"] is not { } keys) yield break;
        var actual = new JsonArray([.. result.Final["callback_metrics"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal).Select(key => (JsonNode)key)]);
        if (!Compare.Same(keys, actual)) yield return $"{name}: expected {keys.ToJsonString()}, got {actual.ToJsonString()}";
    }

    private static List<string> SameKeyTwice(JsonObject testCase)
    {
        var problems = new List<string>();
        foreach (var row in Expected(testCase).OfType<JsonObject>())
        {
            var (first, second) = (row["first"]!.DeepClone().AsObject(), row["second"]!.DeepClone().AsObject());
            (first["in"], first["name"], first["const"]) = ("training_step", "x", 1.0);
            (second["in"], second["name"], second["const"]) = ("training_step", "x", 3.0);
            var trainer = new JsonObject { ["max_epochs"] = 1, ["logger"] = "rec", ["callbacks"] = new JsonArray() };
            using var run = new CaseRun(Case(new JsonObject { ["val"] = false, ["log"] = new JsonArray(first, second) }, trainer, validation: false));
            run.Run();
            problems.AddRange(RowProblems(row, run.Results[0], row.ToJsonString()));
            if (row["callback_metrics"] is not { } metrics) continue;
            var logged = new JsonArray([.. run.Results[0].Rows.Where(item => item.Key == "L.log_metrics").Select(item => item.Info)]);
            if (!Compare.Same(metrics, run.Results[0].Final["callback_metrics"])) problems.Add($"{metrics.ToJsonString()}: got {run.Results[0].Final["callback_metrics"]!.ToJsonString()}");
            if (!Compare.Same(row["logger"], logged)) problems.Add($"{row["logger"]!.ToJsonString()}: got {logged.ToJsonString()}");
        }

        return problems;
    }

    // Batches that hold no tensor have the size 0 here; Log refuses to guess then, which BadInputTests and the store's tests show.
    private static List<string> BatchSizes(JsonObject testCase)
    {
        using var scope = NewDisposeScope();
        int[] ours =
        [
            BatchSize.Of(zeros(3, 2)), BatchSize.Of(new[] { zeros(3, 2), zeros(3) }), BatchSize.Of((zeros(2), zeros(3))),
            BatchSize.Of(new Dictionary<string, Tensor> { ["a"] = zeros(4, 1), ["b"] = zeros(4) }), BatchSize.Of((A: new List<Tensor> { zeros(4, 1) }, B: (C: zeros(4), D: 0))), BatchSize.Of(tensor(1.0)),
            BatchSize.Of("abcd"), BatchSize.Of(new[] { "ab", "cde" }), BatchSize.Of(Array.Empty<Tensor>()), BatchSize.Of((Tensor[]?)null), BatchSize.Of(5), BatchSize.Of((zeros(4, 1), "xy")),
        ];
        return [.. Expected(testCase).OfType<JsonObject>().Zip(ours).Where(pair => ((int?)pair.First["size"] ?? 0) != pair.Second).Select(pair => $"{pair.First["batch"]}: expected {pair.First["size"] ?? "an error"}, got {pair.Second}")];
    }

    // D-CSV: rows are appended as they come, under columns of their own; nothing is rewritten. The values of each step are the record's.
    private static List<string> CsvFlush(JsonObject testCase)
    {
        using var folder = new TemporaryFolder();
        var calls = testCase["expected"]!["extra"]!["calls"]!.AsArray();
        var logger = new CsvLogger(folder.Path, "logs", "version_0", flushEvery: 2);
        logger.Start(new RunInfo(Path.Combine(folder.Path, "logs", "version_0"), "logs", "version_0"));
        foreach (var call in calls.Where(item => item!["step"] is not null))
            logger.LogMetrics(call!["metrics"]!.AsObject().ToDictionary(entry => entry.Key, entry => (double)entry.Value!), (long)call["step"]!);
        logger.Finish(RunStatus.Succeeded);
        var file = Directory.EnumerateFiles(folder.Path, "metrics.csv", SearchOption.AllDirectories).Single();
        var (expected, actual) = (Table((string)calls[^1]!["file"]!), Table(File.ReadAllText(file)));
        return expected.SequenceEqual(actual) ? [] : [$"expected {string.Join(" | ", expected)}, got {string.Join(" | ", actual)}"];
    }

    // Each row as its non-empty cells, whatever the order of the columns.
    private static List<string> Table(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(',')).ToList();
        return [.. lines.Skip(1).Select(line => string.Join(' ', line.Select((cell, i) => (Name: lines[0][i], Cell: cell)).Where(item => item.Cell.Length > 0)
            .OrderBy(item => item.Name, StringComparer.Ordinal).Select(item => $"{item.Name}={double.Parse(item.Cell, System.Globalization.CultureInfo.InvariantCulture)}")))];
    }

    private static List<string> TrainerDefaults(JsonObject testCase)
    {
        var expected = testCase["expected"]!["extra"]!["trainer"]!.AsObject();
        var trainer = new Trainer(new() { Accelerator = Accelerator.Cpu });
        var o = trainer.Options;
        var ours = new JsonObject
        {
            ["accumulate_grad_batches"] = o.AccumulateGradBatches, ["num_sanity_val_steps"] = o.NumSanityValSteps, ["check_val_every_n_epoch"] = o.CheckValEveryNEpoch,
            ["gradient_clip_val"] = o.GradientClipVal, ["reload_dataloaders_every_n_epochs"] = o.ReloadDataloadersEveryNEpochs, ["fast_dev_run"] = o.FastDevRun.IsOn,
            ["precision"] = o.Precision.Name, ["current_epoch"] = trainer.CurrentEpoch, ["global_step"] = trainer.GlobalStep, ["should_stop"] = trainer.ShouldStop,
            ["limit_train_batches"] = o.LimitTrainBatches.IsAll ? 1.0 : 0.0, ["limit_val_batches"] = o.LimitValBatches.IsAll ? 1.0 : 0.0, ["limit_test_batches"] = o.LimitTestBatches.IsAll ? 1.0 : 0.0,
            ["limit_predict_batches"] = o.LimitPredictBatches.IsAll ? 1.0 : 0.0, ["overfit_batches"] = o.OverfitBatches.IsNone ? 0.0 : 1.0, ["val_check_interval"] = o.ValCheckInterval.Amount,
            ["num_training_batches"] = trainer.NumTrainingBatches is { } batches ? batches : "Infinity", ["num_val_batches"] = new JsonArray(), ["num_test_batches"] = new JsonArray([.. trainer.NumTestBatches.Select(count => (JsonNode?)count)]),
            ["min_epochs"] = o.MinEpochs, ["min_steps"] = o.MinSteps,
        };
        var problems = ours.Where(entry => !Compare.Same(expected[entry.Key], entry.Value)).Select(entry => $"{entry.Key}: expected {expected[entry.Key]?.ToJsonString()}, got {entry.Value?.ToJsonString()}").ToList();

        // Ours resolves the default number of epochs at once (T9), says "no limit" by null, and logs short epochs too (T19).
        if (o.MaxEpochs != 1000 || o.MaxSteps is not null || o.LogEveryNSteps is not null) problems.Add($"MaxEpochs {o.MaxEpochs}, MaxSteps {o.MaxSteps}, LogEveryNSteps {o.LogEveryNSteps}");
        if (!trainer.Callbacks.OfType<ModelCheckpoint>().Any() || trainer.Status is not null || trainer.Stage != Stage.Idle) problems.Add("a new Trainer has a checkpoint callback and has not run");
        return problems;
    }

    private static List<string> CheckpointPathErrors(JsonObject testCase)
    {
        var problems = new List<string>();
        foreach (var row in Expected(testCase).OfType<JsonObject>())
        {
            var (name, call) = ((string)row["case"]!, (string)row["call"]!);
            if (name == "hpc") continue; // the scheduler's files are Resume.Auto here (E9, E10)
            var saves = name != "best, no ModelCheckpoint";
            var spec = new JsonObject { ["max_epochs"] = 1, ["callbacks"] = saves ? new JsonArray(new JsonObject { ["kind"] = "ModelCheckpoint", ["dirpath"] = "ck" }) : [] };
            using var run = new CaseRun(Case(new JsonObject { ["val"] = false }, spec, validation: false));
            var resume = name.StartsWith("best", StringComparison.Ordinal) ? Resume.Best : name.StartsWith("last", StringComparison.Ordinal) ? Resume.Auto : Resume.From(Path.Combine(run.Root, "nothing.ckpt"));
            var error = Record.Exception(() => _ = call == "fit" ? (object)run.Trainer.Fit((ToyPairs)run.Module, ToyData.One(Loader(4), 0), null, resume) : run.Trainer.Test((ToyPairs)run.Module, ToyData.One(Loader(4), 200), resume));
            if ((string)row["outcome"]! == "ok" ? error is not null : error is null || !Outcome.Fits((string)row["exception_type"]!, string.Empty, error))
                problems.Add($"{name}, {call}: expected {row["exception_type"] ?? "ok"}, got {error?.ToString() ?? "ok"}");
        }

        return problems;
    }

    private static List<string> ScaleBatchSize(JsonObject testCase)
    {
        var (extra, call) = (testCase["expected"]!["extra"]!, testCase["config"]!["calls"]![0]!);
        using var folder = new TemporaryFolder();
        var recorder = new Recorder(folder.Path, new CancellationTokenSource());
        var trainer = new Trainer(ToyTrainer.Options(testCase["config"]!["trainer"]!.AsObject(), recorder, []));
        recorder.Trainer = trainer;
        using var model = new Growing((int)call["fails_above"]!);
        var data = new GrowingData();
        var found = new Tuner(trainer).ScaleBatchSize(model, data, new()
        {
            Mode = BatchSizeMode.Power, InitVal = (int)call["init_val"]!, MaxTrials = (int)call["max_trials"]!, StepsPerTrial = (int)call["steps_per_trial"]!,
        });
        var problems = new List<string>();
        if (found != (int)extra["returned"]!) problems.Add($"returned: expected {extra["returned"]}, got {found}");
        if (data.BatchSize != (int)extra["datamodule_batch_size"]!) problems.Add($"batch size: expected {extra["datamodule_batch_size"]}, got {data.BatchSize}");
        if (!Compare.Same(extra["final"]!["weight"], Plain.Values(model.Layer.weight))) problems.Add("the weights must be as before");
        if (trainer.GlobalStep != 0 || trainer.CurrentEpoch != 0) problems.Add($"step {trainer.GlobalStep}, epoch {trainer.CurrentEpoch}: expected 0");
        if (Directory.EnumerateFiles(folder.Path, "*.ckpt", SearchOption.AllDirectories).Any()) problems.Add("a file was left behind");
        int[] tried = [.. extra["loader_batch_sizes"]!.AsArray().Select(item => (int)item!).Distinct()];
        if (!data.Sizes.Distinct().SequenceEqual(tried)) problems.Add($"sizes tried: expected {string.Join(", ", tried)}, got {string.Join(", ", data.Sizes.Distinct())}");
        return problems;
    }

    private static List<string> LearningRateFind(JsonObject testCase)
    {
        var (extra, call) = (testCase["expected"]!["extra"]!, testCase["config"]!["calls"]![0]!);
        using var folder = new TemporaryFolder();
        var recorder = new Recorder(folder.Path, new CancellationTokenSource());
        var trainer = new Trainer(ToyTrainer.Options(testCase["config"]!["trainer"]!.AsObject(), recorder, []));
        recorder.Trainer = trainer;
        using var model = new Growing(int.MaxValue);
        var result = new Tuner(trainer).LearningRateFind(model, ToyData.One(testCase["config"]!["data"]!["train"]!.AsObject(), 0), new LearningRateFindOptions
        {
            MinLearningRate = (double)call["min_lr"]!, MaxLearningRate = (double)call["max_lr"]!, NumTraining = (int)call["num_training"]!, Mode = LearningRateRamp.Linear, UpdateAttribute = false,
        })!;
        var problems = new List<string>();
        if (!Compare.Same(extra["results"]!["lr"], new JsonArray([.. result.LearningRates.Select(rate => (JsonNode)rate)]))) problems.Add($"rates: expected {extra["results"]!["lr"]!.ToJsonString()}, got {string.Join(", ", result.LearningRates)}");
        if (!Compare.Same(extra["results"]!["loss"], new JsonArray([.. result.Losses.Select(loss => (JsonNode)loss)]))) problems.Add($"losses: expected {extra["results"]!["loss"]!.ToJsonString()}, got {string.Join(", ", result.Losses)}");
        if (!Compare.Same(extra["final"]!["weight"], Plain.Values(model.Layer.weight))) problems.Add("the weights must be as before");
        return problems;
    }
}
