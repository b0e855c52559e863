using LightningSharp.Callbacks;

namespace LightningSharp.Loops;

/// <summary>Computes how long a run will be from its limits.</summary>
/// <param name="limits">The run's limits.</param>
/// <param name="epochBatches">Batches of an epoch; null when unknown.</param>
/// <param name="stepsPerWindow">Optimizers that step together.</param>
/// <param name="factor">The accumulation factor of the options.</param>
/// <param name="schedule">Changes the factor; null for none.</param>
internal sealed class RunLength(RunLimits limits, int? epochBatches, int stepsPerWindow, int factor, GradientAccumulationScheduler? schedule)
{
    /// <summary>Batches in which optimizers step; null when that cannot be known.</summary>
    public long? SteppingBatches()
    {
        var most = limits.MaxSteps is { } steps ? (steps + stepsPerWindow - 1) / stepsPerWindow : (long?)null;
        if (limits.MaxBatches is null && (epochBatches is null || limits.MaxEpochs is null)) return most;
        var epochs = epochBatches is null ? 1 : Math.Max(1, limits.MaxEpochs ?? int.MaxValue);
        var windows = schedule is null ? Steady(epochs) : Scheduled(epochs, most);
        return most is { } limit ? Math.Min(limit, windows) : windows;
    }

    // A window that the end of the loader cuts short steps, too; one that the end of the run cuts does not.
    private long Steady(long epochs)
    {
        if (epochBatches is not { } length) return limits.MaxBatches!.Value / factor; // one of them is known
        var perEpoch = (length + factor - 1) / factor;
        if (limits.MaxBatches is not { } batches || batches / Math.Max(1, length) >= epochs) return perEpoch * epochs;
        return (batches / length * perEpoch) + (batches % length / factor);
    }

    private long Scheduled(long epochs, long? most)
    {
        var left = limits.MaxBatches ?? long.MaxValue;
        var length = epochBatches ?? long.MaxValue;
        long windows = 0;
        for (var epoch = 0; epoch < epochs && left > 0 && length > 0 && !(windows >= most); epoch++)
        {
            var batches = Math.Min(length, left);
            var isWhole = batches == epochBatches;
            left -= batches;
            while (batches > 0 && !(windows >= most))
            {
                var size = schedule!.FactorIn(epoch, windows * stepsPerWindow); // the caller asked
                if (batches < size && !isWhole) break;
                batches -= size;
                windows++;
            }
        }

        return windows;
    }
}
