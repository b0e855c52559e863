namespace LightningSharp.Checkpointing;

/// <summary>
/// Where a file of Python's Lightning was written, in each of its layouts: 2.x; 1.6 to 1.9, whose optimizer loops lay elsewhere; before 1.6, where only
/// <c>epoch</c> and <c>global_step</c> count.
/// </summary>
internal static class LightningPosition
{
    // Where Lightning kept the steps: 2.x, then 1.6 to 1.9. Of automatic and manual optimization only the one in use counts.
    private static readonly string[] Automatic = ["epoch_loop.automatic_optimization.optim_progress", "epoch_loop.optimizer_loop.optim_progress", "epoch_loop.batch_loop.optimizer_loop.optim_progress"];
    private static readonly string[] Manual = ["epoch_loop.manual_optimization.optim_step_progress", "epoch_loop.manual_loop.optim_step_progress", "epoch_loop.batch_loop.manual_loop.optim_step_progress"];

    /// <summary>False when the file does not say.</summary>
    /// <param name="checkpoint">The whole file.</param>
    /// <param name="progress">Between two epochs, or inside one behind <see cref="Progress.BatchInEpoch"/> batches.</param>
    public static bool TryRead(IReadOnlyDictionary<string, object?> checkpoint, out Progress progress)
    {
        progress = default;
        if (IsBefore(StateValue.Text(checkpoint, "pytorch-lightning_version"), 1, 6)) return TryReadCounters(checkpoint, out progress);
        if (StateValue.Map(StateValue.Map(checkpoint.GetValueOrDefault("loops"))?.GetValueOrDefault("fit_loop")) is not { } fit) return false;
        var epoch = StateValue.Map(StateValue.Map(fit.GetValueOrDefault("epoch_progress"))?.GetValueOrDefault("current"));
        var batch = StateValue.Map(fit.GetValueOrDefault("epoch_loop.batch_progress"));
        var processed = StateValue.Count(epoch, "processed", int.MaxValue); // an epoch whose batches are done is over, also where its end's hooks were still running
        var inside = StateValue.Long(epoch, "ready") > processed;
        var current = StateValue.Map(batch?.GetValueOrDefault("current"));
        var steps = StepsOf(fit);
        var stepped = StateValue.Long(StateValue.Map(fit.GetValueOrDefault("epoch_loop.state_dict")), "_batches_that_stepped", steps); // 1.6.0 to 1.6.4 do not say
        if (inside && stepped < steps && StateValue.Long(current, "processed") > StateValue.Long(current, "completed")) stepped++; // written by a hook of a batch that is counted after its hooks
        progress = new Progress(
            Epoch: (int)processed,
            BatchInEpoch: inside ? (int)StateValue.Count(current, "ready", int.MaxValue) : 0,
            GlobalStep: steps,
            StepBatches: stepped,
            BatchesSeen: StateValue.Long(StateValue.Map(batch?.GetValueOrDefault("total")), "ready"));
        return true;
    }

    // These count the epoch and the step that come next.
    private static bool TryReadCounters(IReadOnlyDictionary<string, object?> checkpoint, out Progress progress)
    {
        var steps = StateValue.Count(checkpoint, "global_step");
        progress = new Progress((int)StateValue.Count(checkpoint, "epoch", int.MaxValue), 0, steps, steps, steps);
        return checkpoint.ContainsKey("global_step");
    }

    private static long StepsOf(IReadOnlyDictionary<string, object?> fit)
    {
        var automatic = StateValue.Map(StateValue.Map(StateValue.Map(Part(fit, Automatic))?.GetValueOrDefault("optimizer"))?.GetValueOrDefault("step"));
        var manual = StateValue.Map(Part(fit, Manual));
        return Math.Max(
            StateValue.Count(StateValue.Map(automatic?.GetValueOrDefault("total")), "completed"), StateValue.Count(StateValue.Map(manual?.GetValueOrDefault("total")), "completed"));
    }

    private static object? Part(IReadOnlyDictionary<string, object?> fit, string[] names)
        => Array.Find(names, fit.ContainsKey) is { } name ? fit[name] : null;

    // Texts such as 1.5.10, 1.6.0rc1, 2.2.5.post0.
    private static bool IsBefore(string? version, int major, int minor)
        => version?.Split('.') is [var first, var second, ..] && int.TryParse(first, out var a) && int.TryParse(second, out var b) && (a, b).CompareTo((major, minor)) < 0;
}
