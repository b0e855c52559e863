using LightningSharp.Diagnostics;
using LightningSharp.Native;

namespace LightningSharp.Tuning;

/// <summary>One batch-size search: sets the property, runs a trial, restores, until the size is found.</summary>
internal static class BatchSizeTrials
{
    /// <param name="trainer">The Trainer that will run.</param>
    /// <param name="module">Its module.</param>
    /// <param name="data">Its data module, if any.</param>
    /// <param name="options">The settings.</param>
    /// <param name="evaluates">Whether the trials are evaluations.</param>
    /// <param name="run">Runs a trial; how many batches its loader has, null when unknown.</param>
    public static int Run(Trainer trainer, ILightningModule module, object? data, BatchSizeScaleOptions options, bool evaluates, Func<Trainer, int?> run)
    {
        options.Require();
        var attribute = TunedAttribute.Find(
            trainer, "The batch-size search", [options.BatchArgName], "Add one that the loaders take their size from, or name it by BatchArgName.", module.Module, data);
        var before = attribute.Value;
        int size;
        using (new ModelSnapshot(module.Module))
        {
            var search = new BatchSizeSearch(options, Attempt, text => trainer.Messages.Inform(MessageId.Information, text));
            try
            {
                size = search.Run();
            }
            catch
            {
                attribute.Value = before;
                throw;
            }
        }

        attribute.Value = size > 0 ? size : before;
        if (size == 0) throw new MisconfigurationException($"The batch-size search found no size that fits: not even a batch of one sample. Use a smaller model, or a device with more memory.");
        return size;

        (int Samples, bool IsEpoch)? Attempt(int candidate)
        {
            attribute.Value = candidate;
            var probe = new BatchProbe();
            try
            {
                var batches = run(Trial.Create(trainer, options.StepsPerTrial, probe, evaluates));
                return (probe.Largest, batches == 1);
            }
            catch (Exception exception) when (MemoryFailure.Is(exception))
            {
                module.Module.zero_grad(set_to_none: true);
                GC.Collect(); // tensors that only finalizers free would count against the next size
                GC.WaitForPendingFinalizers();
                _ = CudaMemory.EmptyCache(); // blocks of the former size do not fit the next one
                return null;
            }
        }
    }
}
