using System.Globalization;
using LightningSharp.Loops;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>Our own entry of a checkpoint: what an exact resume needs and Lightning does not keep.</summary>
internal static class RunState
{
    public static Dictionary<string, object?> Write<TBatch>(Trainer trainer, FitState<TBatch> fit)
    {
        var boundary = fit.Boundary;
        var progress = boundary?.Progress ?? trainer.Progress;
        return new Dictionary<string, object?>
        {
            ["format"] = (long)RunStateFormat.Current,
            ["progress"] = new Dictionary<string, object?>
            {
                ["epoch"] = (long)progress.Epoch,
                ["batch_in_epoch"] = (long)progress.BatchInEpoch,
                ["global_step"] = progress.GlobalStep,
                ["step_batches"] = progress.StepBatches,
                ["batches_seen"] = progress.BatchesSeen,
                ["samples_seen"] = progress.SamplesSeen,
                ["validations"] = (long)progress.Validations,
            },
            ["phase"] = (long)fit.Phase,
            ["is_last_batch"] = fit.IsLastBatch,
            ["row"] = fit.Row.ToDictionary(entry => entry.Key, entry => (object?)entry.Value),
            ["optimizer_steps"] = trainer.AllOptimizers.Select(optimizer => (object?)optimizer.StepCount).ToList(),
            ["rng"] = boundary?.Random ?? fit.Random ?? random.get_rng_state(),
            ["loader"] = fit.Loader,
            ["validation_clock"] = fit.ValidationClock,
            ["validation_batches"] = fit.ValidationBatches,
            ["metrics"] = trainer.Metrics.Save(MetricParts.PathOf(trainer.Module!.Module), atBoundary: boundary is not null), // a run has a module
            ["metric_objects"] = MetricParts.Save(trainer.Module.Module),
            ["logged_metrics"] = trainer.Metrics.Logged.Snapshot().ToDictionary(entry => entry.Key, entry => (object?)entry.Value),
            ["callback_metrics"] = trainer.Metrics.Callback.Snapshot().ToDictionary(entry => entry.Key, entry => (object?)entry.Value),
            ["engine"] = boundary is null ? fit.Engine?.Save() : WithoutWindow(fit.Engine?.Save()),
            ["gradients"] = fit.InsideWindow ? Gradients(trainer) : null,
            ["accumulate_grad_batches"] = (long)fit.AccumulateGradBatches,
            ["window_origin"] = (long)fit.WindowOrigin,
            ["accumulate_option"] = (long)trainer.Options.AccumulateGradBatches,
            ["elapsed_seconds"] = trainer.Limits.Elapsed.TotalSeconds,
            ["seed"] = trainer.Options.Seed,
            ["run_directory"] = trainer.RunDirectory,
            ["logger_rows"] = trainer.LoggerStates(),
            ["environment"] = Environment(),
        };
    }

    /// <summary>What makes results differ in the last bits, so that a resume elsewhere can say so.</summary>
    public static Dictionary<string, object?> Environment() => new()
    {
        ["threads"] = (long)torch.get_num_threads(),
        ["libtorch"] = torch.__version__,
        ["cpu_capability"] = System.Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY") ?? "default",
        ["system"] = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier,
    };

    public static Progress ReadProgress(IReadOnlyDictionary<string, object?> own)
    {
        var map = StateValue.Map(own.GetValueOrDefault("progress"));
        return new Progress(
            (int)StateValue.Count(map, "epoch", int.MaxValue), (int)StateValue.Count(map, "batch_in_epoch", int.MaxValue), StateValue.Count(map, "global_step"), StateValue.Count(map, "step_batches"),
            StateValue.Count(map, "batches_seen"), StateValue.Count(map, "samples_seen"), (int)StateValue.Count(map, "validations", int.MaxValue));
    }

    /// <summary>Why a resume cannot be exact to the bit; empty when nothing speaks against it.</summary>
    public static IEnumerable<string> Differences(IReadOnlyDictionary<string, object?> own)
    {
        var saved = StateValue.Map(own.GetValueOrDefault("environment"));
        foreach (var (key, now) in Environment())
        {
            var before = saved?.GetValueOrDefault(key);
            var (a, b) = (Convert.ToString(before, CultureInfo.InvariantCulture), Convert.ToString(now, CultureInfo.InvariantCulture));
            if (before is not null && a != b) yield return $"{key} was {a} and is {b}";
        }
    }

    // A boundary lies between two accumulation windows; the engine may be inside the next one by now.
    private static Dictionary<string, object?>? WithoutWindow(IReadOnlyDictionary<string, object?>? engine)
        => engine is null ? null : new Dictionary<string, object?>(engine) { ["accumulated"] = 0L };

    private static Dictionary<string, object?> Gradients(Trainer trainer)
    {
        var gradients = new Dictionary<string, object?>();
        foreach (var (name, parameter) in trainer.Module!.Module.named_parameters()) // a run has a module
        {
            if (parameter.grad is { } gradient) gradients[name] = gradient;
        }

        return gradients;
    }
}
