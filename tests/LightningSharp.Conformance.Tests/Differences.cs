using System.Text.Json.Nodes;
using LightningSharp.Callbacks;

namespace LightningSharp.Conformance;

/// <summary>A case in which we differ on purpose: the row of the specification, why, and what is asserted instead of the record.</summary>
internal sealed record Difference(string Row, string Reason, Func<JsonObject, CaseRun, List<string>> Check);

/// <summary>The one table of them; docs/conformance-differences.md shows the same.</summary>
internal static class Differences
{
    private const string TrueDivisor = "a short last window is divided by its true size, not by the factor; the numbers are computed anew and compared, all else is as recorded";
    private const string StatefulLoader = "the loader has a position: training goes on with the batches that were left, and everything equals a run without the interruption";

    public static Dictionary<string, Difference> Own { get; } = new()
    {
        ["loop.accumulate_2"] = new("D-ACC", TrueDivisor, Recomputed),
        ["loop.accumulate_3"] = new("D-ACC", TrueDivisor, Recomputed),
        ["loop.accumulate_with_val_interval"] = new("D-ACC", TrueDivisor, Recomputed),
        ["loop.max_steps_accumulate"] = new("D-ACC", TrueDivisor, Recomputed),
        ["clip.norm_accumulate"] = new("D-ACC", TrueDivisor, Recomputed),
        ["logging.log_every_n_steps_accumulate"] = new("D-ACC", TrueDivisor, Recomputed),
        ["checkpoint.every_2_steps_accumulate"] = new("D-ACC", TrueDivisor, Recomputed),
        ["lr.step_step_accumulate"] = new("D-ACC", TrueDivisor, Recomputed),
        ["lr.step_step_freq2_accumulate"] = new("D-LR, D-ACC", "the frequency of a scheduler counts optimizer steps, not batches; " + TrueDivisor, Recomputed),
        ["lr.step_step_freq3"] = new("D-LR", "the frequency of a scheduler counts optimizer steps over all epochs; with 2 batches per epoch it does step", Recomputed),
        ["resume.mid_epoch"] = new("D14, O20", StatefulLoader, Uninterrupted),
        ["resume.mid_epoch_second"] = new("D14, O20", StatefulLoader, Uninterrupted),
        ["resume.last_batch_of_epoch_step_ckpt"] = new("O20", "the epoch that was not closed is closed first: its end hooks and its row of metrics are neither lost nor repeated", Uninterrupted),
        ["resume.mid_validation_ckpt"] = new("D14, O21", StatefulLoader, Uninterrupted),
        ["resume.epoch_end_val"] = new("OR3", "the row of the finished epoch, which Lightning loses, is written by the resumed run", WithEpochRow),
        ["resume.weights_only_ckpt"] = new("E11, D-EMA", "callbacks take part in weights-only saves; a file without optimizer state is refused before the model is touched", RefusedEarly),
        ["resume.early_stopping_state"] = new("MC21", "the current score is saved and restored like the rest; Lightning forgets it", WithCurrentScore),
        ["error.keyboard_interrupt"] = new("E15", "an interrupt is a cancellation: the batch is finished, end hooks run, Fit returns a result that says so", Canceled),
        ["error.keyboard_interrupt_validate"] = new("E15", "an interrupted evaluation has no result: OperationCanceledException", CanceledEvaluation),
        ["callback.swa_batchnorm"] = new("CA10", "the extra pass that computes statistics takes no optimizer step; Lightning takes one there, with an old gradient", AveragingPass),
        ["logging.override_step"] = new("G17", "there is no magic key: \"step\" is logged like any other name", StepIsAName),
        ["logging.log_every_n_steps_3"] = new("G12, TP5", "LoggedMetrics holds what went to the loggers; Lightning's also has step values that were not due", Except("logged_metrics")),
        ["logging.two_val_loaders_same_name"] = new("TP5", "after an exception the metrics of the broken evaluation are not shown", Except("callback_metrics", "logged_metrics")),
        ["loop.limit_train_batches_zero"] = new("TP6", "NumTrainingBatches is 0, not infinity", Except("num_training_batches")),
        ["loop.empty_train_loader"] = new("D13", "a loader without batches is an error that says so; LimitTrainBatches = 0 is the way to train on nothing", EmptyLoader),
        ["manual.two_optimizers_automatic"] = new("W1, LS9", "several optimizers work in automatic optimization: all step on the loss", TwoOptimizers),
        ["checkpoint.filename_slash_auto_insert"] = new("MC5", "a slash in a metric name makes no folder: it becomes an underscore", SlashIsUnderscore),
    };

    private static List<string> Recomputed(JsonObject testCase, CaseRun run)
    {
        Reference.Apply(testCase);
        return ConformanceTests.Check(testCase, run);
    }

    private static Func<JsonObject, CaseRun, List<string>> Except(params string[] keys) => (testCase, run) =>
    {
        foreach (var key in keys) testCase["expected"]!["calls"]![0]!["final"]!.AsObject().Remove(key);
        return ConformanceTests.Check(testCase, run);
    };

    // The resumed run does what the last part of a run without an interruption does, to the same numbers.
    private static List<string> Uninterrupted(JsonObject testCase, CaseRun run)
    {
        var whole = testCase.DeepClone().AsObject();
        whole["config"]!["calls"] = new JsonArray(new JsonObject { ["call"] = "fit" });
        (whole["config"]!["trainer"], whole["config"]!["model"]) = (whole["config"]!["trainer2"]!.DeepClone(), whole["config"]!["model2"]!.DeepClone());
        using var uninterrupted = new CaseRun(whole);
        uninterrupted.Run();
        var (expected, actual) = (uninterrupted.Results[0], run.Results[1]);
        var resumed = Followed(actual.Rows).ToList();
        var problems = CallCheck.Problems(testCase["expected"]!["calls"]![0]!.AsObject(), run.Results[0], 1e-6).ToList();
        if (actual.Exception is not null) problems.Add(actual.Exception.ToString());
        problems.AddRange(Compare.Rows([.. Followed(expected.Rows).TakeLast(resumed.Count)], resumed));
        foreach (var (key, value) in expected.Final)
        {
            if (!Compare.Same(value, actual.Final[key], 0)) problems.Add($"final {key}: uninterrupted {value?.ToJsonString()}, resumed {actual.Final[key]?.ToJsonString()}");
        }

        if (actual.Losses.Count == 0) problems.Add("nothing was trained after the resume");
        return problems;
    }

    private static IEnumerable<Row> Followed(List<Row> rows) => rows.Skip(rows.FindIndex(row => row.Key == "M.on_train_start") + 1).Where(row => row.Source != "K");

    private static List<string> WithEpochRow(JsonObject testCase, CaseRun run)
    {
        var calls = testCase["expected"]!["calls"]!.AsArray();
        var row = calls[0]!["trace"]!.AsArray().Last(item => (string)item![1]! == "log_metrics")!.DeepClone();
        var trace = calls[1]!["trace"]!.AsArray();
        var start = trace.ToList().FindIndex(item => (string)item![1]! == "on_train_start");
        if (run.Results[1].Rows.Any(item => item.Key == "L.log_metrics" && item.Epoch == 1)) trace.Insert(start, row);
        return ConformanceTests.Check(testCase, run);
    }

    private static List<string> WithCurrentScore(JsonObject testCase, CaseRun run)
    {
        testCase["expected"]!["extra"]!["checkpoint_callback_second"]!["current_score"] = 0.6;
        return ConformanceTests.Check(testCase, run);
    }

    private static List<string> RefusedEarly(JsonObject testCase, CaseRun run)
    {
        var problems = CallCheck.OutcomeProblems(testCase["expected"]!["calls"]![1]!.AsObject(), run.Results[1]).ToList();
        if (run.Results[1].Exception is not CheckpointException { Message: var message } || !message.Contains("only weights", StringComparison.Ordinal)) problems.Add("expected the file to be refused as weights only");
        if (run.Results[1].Rows.Any(row => row.Hook is "configure_model" or "on_load_checkpoint")) problems.Add("the model was touched");
        if (!run.Results[0].Rows.Any(row => row.Key == "C.on_save_checkpoint")) problems.Add("callbacks must take part in weights-only saves");
        return problems;
    }

    private static List<string> Canceled(JsonObject testCase, CaseRun run)
    {
        var recorded = Expectation.Rows(testCase["expected"]!["calls"]![0]!["trace"]!.AsArray());
        var before = recorded.TakeWhile(row => row.Hook != "on_exception").ToList();
        var result = run.Results[0];
        var problems = Compare.Rows(before, [.. result.Rows.Take(before.Count)]);
        if (result.Exception is not null) problems.Add($"Fit must return: {result.Exception}");
        if (run.Trainer.Status != Logging.RunStatus.Interrupted || run.Trainer.StopReason != StopReason.Canceled) problems.Add($"status {run.Trainer.Status}, reason {run.Trainer.StopReason}");
        string[] end = ["on_train_batch_end", "on_train_end", "on_fit_end", "teardown"];
        problems.AddRange(end.Where(hook => !result.Rows.Skip(before.Count).Any(row => row.Key == $"M.{hook}")).Select(hook => $"{hook} did not run after the interrupt"));
        if (result.Rows.Any(row => row.Hook == "on_exception")) problems.Add("a cancellation is no exception");
        if (result.Losses.Count != 3) problems.Add($"the interrupted batch is the last one: {result.Losses.Count} batches ran");
        return problems;
    }

    private static List<string> CanceledEvaluation(JsonObject testCase, CaseRun run)
    {
        var result = run.Results[0];
        var problems = Compare.Rows(Expectation.Rows(testCase["expected"]!["calls"]![0]!["trace"]!.AsArray()).Where(row => row.Source != "L").ToList(),
            [.. result.Rows.Where(row => row.Source != "L" && row.Hook is not "on_validation_batch_end" || row.BatchIndex == 0)]);
        if (result.Exception is not OperationCanceledException) problems.Add($"expected OperationCanceledException, got {result.Exception}");
        if (run.Trainer.Status != Logging.RunStatus.Interrupted) problems.Add($"status {run.Trainer.Status}");
        return problems;
    }

    private static List<string> AveragingPass(JsonObject testCase, CaseRun run)
    {
        var call = testCase["expected"]!["calls"]![0]!.AsObject();
        var (recorded, ours) = (call["train_losses"]!.AsArray(), run.Results[0].Losses);
        var problems = CallCheck.OutcomeProblems(call, run.Results[0]).ToList();
        if (recorded.Count != ours.Count) problems.Add($"{recorded.Count} batches expected, {ours.Count} ran");

        // Over two rows the gradient of batch normalisation is the small difference of large numbers: rounding in the seventh digit grows to the fourth in a few steps.
        for (var i = 0; i < Math.Min(recorded.Count, ours.Count); i++)
        {
            if (Math.Abs((double)recorded[i]! - ours[i]) > (i < 4 ? 1e-5 : 2e-3)) problems.Add($"loss {i}: expected {recorded[i]}, got {ours[i]}");
        }

        if (run.Trainer.CurrentEpoch != 4 || run.Trainer.GlobalStep != 6) problems.Add($"epoch {run.Trainer.CurrentEpoch}, step {run.Trainer.GlobalStep}: expected 4 and 6");
        string[] training = ["on_before_optimizer_step", "optimizer_step", "backward"];
        if (run.Results[0].Rows.Any(row => row.Epoch == 3 && training.Contains(row.Hook))) problems.Add("the extra pass must not train");
        if (!run.Results[0].Rows.Any(row => row.Epoch == 3 && row.Key == "M.training_step")) problems.Add("the extra pass is missing");
        return problems;
    }

    private static List<string> StepIsAName(JsonObject testCase, CaseRun run)
    {
        var call = testCase["expected"]!["calls"]![0]!.AsObject();
        var step = 0;
        foreach (var row in call["trace"]!.AsArray().Where(item => (string)item![1]! == "log_metrics"))
        {
            var info = row![9]!.AsObject();
            info["metrics"]!["step"] = (double)info["step"]!;
            info["metrics"]!["epoch"] = 0;
            info["step"] = step++;
        }

        call["final"]!["logged_metrics"]!["step"] = 40.0;
        return ConformanceTests.Check(testCase, run);
    }

    private static List<string> EmptyLoader(JsonObject testCase, CaseRun run)
        => run.Results[0].Exception is MisconfigurationException { Message: var message } && message.Contains("no batches", StringComparison.Ordinal) && run.Results[0].Losses.Count == 0
            ? [] : [$"expected an error that says so, got {run.Results[0].Exception}"];

    // Weight and bias have an optimizer each, of the same rate: the numbers are those of one optimizer over both.
    private static List<string> TwoOptimizers(JsonObject testCase, CaseRun run)
    {
        var single = testCase.DeepClone().AsObject();
        single["config"]!["model"]!.AsObject().Remove("optimizers");
        using var one = new CaseRun(single);
        one.Run();
        var (expected, actual) = (one.Results[0].Final, run.Results[0].Final);
        var problems = new List<string>();
        foreach (var key in new[] { "weight", "bias", "epoch", "status" })
        {
            if (!Compare.Same(expected[key], actual[key])) problems.Add($"{key}: expected {expected[key]?.ToJsonString()}, got {actual[key]?.ToJsonString()}");
        }

        if ((long)actual["global_step"]! != 2 * (long)expected["global_step"]!) problems.Add("the steps of both optimizers count");
        return problems;
    }

    private static List<string> SlashIsUnderscore(JsonObject testCase, CaseRun run)
    {
        var text = testCase.ToJsonString().Replace("ck/val/metric=", "ck/val_metric=", StringComparison.Ordinal);
        return ConformanceTests.Check(JsonNode.Parse(text)!.AsObject(), run);
    }
}
