namespace LightningSharp.Checkpointing;

/// <summary>The <c>loops</c> entry as Python's Lightning writes and reads it; <see cref="LightningPosition"/> reads it.</summary>
internal static class LoopsState
{
    public static Dictionary<string, object?> Write(Progress progress, int? trainBatches, bool insideEpoch, bool atEpochEnd, bool manual)
    {
        long epochs = progress.Epoch, batch = progress.BatchInEpoch, all = progress.BatchesSeen, steps = progress.GlobalStep;
        var running = insideEpoch || atEpochEnd;
        var epoch = running ? Counters(epochs + 1, atEpochEnd ? epochs + 1 : epochs, epochs) : Counters(epochs, epochs, epochs);
        var currentBatch = running ? batch : trainBatches ?? batch;
        var batches = new Dictionary<string, object?>
        {
            ["total"] = Counter(all, all, insideEpoch && !atEpochEnd ? all - 1 : all),
            ["current"] = Counter(currentBatch, currentBatch, insideEpoch && !atEpochEnd ? currentBatch - 1 : currentBatch),
            ["is_last_batch"] = atEpochEnd || !insideEpoch,
        };
        var stepCounts = Pair(steps, steps);
        var fit = new Dictionary<string, object?>
        {
            ["state_dict"] = Empty(),
            ["epoch_loop.state_dict"] = new Dictionary<string, object?> { ["_batches_that_stepped"] = progress.StepBatches },
            ["epoch_loop.batch_progress"] = batches,
            ["epoch_loop.scheduler_progress"] = Pair(0, 0),
            ["epoch_loop.automatic_optimization.state_dict"] = Empty(),
            ["epoch_loop.automatic_optimization.optim_progress"] = new Dictionary<string, object?>
            {
                ["optimizer"] = new Dictionary<string, object?>
                {
                    ["step"] = manual ? Pair(0, 0) : stepCounts,
                    ["zero_grad"] = new Dictionary<string, object?> { ["total"] = Started(manual ? 0 : steps), ["current"] = Started(manual ? 0 : steps) },
                },
            },
            ["epoch_loop.manual_optimization.state_dict"] = Empty(),
            ["epoch_loop.manual_optimization.optim_step_progress"] = manual ? stepCounts : Pair(0, 0),
            ["epoch_loop.val_loop.state_dict"] = Empty(),
            ["epoch_loop.val_loop.batch_progress"] = NoBatches(),
            ["epoch_progress"] = epoch,
        };
        return new Dictionary<string, object?>
        {
            ["fit_loop"] = fit,
            ["validate_loop"] = new Dictionary<string, object?> { ["state_dict"] = Empty(), ["batch_progress"] = NoBatches() },
            ["test_loop"] = new Dictionary<string, object?> { ["state_dict"] = Empty(), ["batch_progress"] = NoBatches() },
            ["predict_loop"] = new Dictionary<string, object?> { ["state_dict"] = Empty(), ["batch_progress"] = new Dictionary<string, object?> { ["total"] = Counter(0, 0, 0), ["current"] = Counter(0, 0, 0) } },
        };
    }

    private static Dictionary<string, object?> Empty() => [];

    private static Dictionary<string, object?> Counter(long ready, long processed, long completed)
        => new() { ["ready"] = ready, ["completed"] = completed, ["started"] = ready, ["processed"] = processed };

    private static Dictionary<string, object?> Counters(long ready, long processed, long completed)
        => new() { ["total"] = Counter(ready, processed, completed), ["current"] = Counter(ready, processed, completed) };

    private static Dictionary<string, object?> Pair(long ready, long completed) => new()
    {
        ["total"] = new Dictionary<string, object?> { ["ready"] = ready, ["completed"] = completed },
        ["current"] = new Dictionary<string, object?> { ["ready"] = ready, ["completed"] = completed },
    };

    private static Dictionary<string, object?> Started(long count) => new() { ["ready"] = count, ["completed"] = count, ["started"] = count };

    private static Dictionary<string, object?> NoBatches() => new() { ["total"] = Counter(0, 0, 0), ["current"] = Counter(0, 0, 0), ["is_last_batch"] = false };
}
