namespace LightningSharp.Data.Sampling;

/// <summary>Which items form which batch: a sampler cut into equal pieces, or the user's batch sampler.</summary>
internal sealed class BatchPlan(LoaderOrder order, IBatchSampler? batches, int batchSize, bool dropLast)
{
    private int Items => order.Sampler.Count;

    public int BatchCount => batches?.BatchCount ?? (dropLast ? Items / batchSize : (int)((Items + (long)batchSize - 1) / batchSize));

    /// <summary>The items of a batch, in a buffer that is made larger when needed.</summary>
    public ReadOnlySpan<int> Indices(long seed, int epoch, int batch, ref int[] buffer)
    {
        if (batches is not null)
        {
            var chosen = batches.Batch(seed, epoch, batch)
                ?? throw new DataException($"{batches.GetType().Name}.Batch returned null for batch {batch} of epoch {epoch}. Expected the indices of its items.");
            Grow(ref buffer, chosen.Count);
            for (int i = 0; i < chosen.Count; i++)
                buffer[i] = chosen[i];
            return buffer.AsSpan(0, chosen.Count);
        }

        var sampler = order.Sampler;
        int first = batch * batchSize, size = Math.Min(batchSize, sampler.Count - first);
        Grow(ref buffer, size);
        sampler.Fill(seed, epoch, first, buffer.AsSpan(0, size));
        return buffer.AsSpan(0, size);
    }

    private static void Grow(ref int[] buffer, int size)
    {
        if (buffer.Length < size)
            buffer = new int[size];
    }
}
