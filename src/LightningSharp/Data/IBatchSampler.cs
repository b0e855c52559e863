namespace LightningSharp.Data;

/// <summary>Decides which items form which batch, for batches of varying size (by length, by token count); a pure function of (seed, epoch, batch).</summary>
public interface IBatchSampler
{
    /// <summary>Batches per epoch.</summary>
    int BatchCount { get; }

    /// <summary>The items of one batch. Called from several threads at once.</summary>
    /// <param name="seed">The loader's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="batch">Number of the batch in the epoch, from 0.</param>
    IReadOnlyList<int> Batch(long seed, int epoch, int batch);
}
