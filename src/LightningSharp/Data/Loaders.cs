using LightningSharp.Data.Reading;

namespace LightningSharp.Data;

/// <summary>Makes loaders out of other sequences.</summary>
public static class Loaders
{
    /// <summary>Turns each row of another loader into a batch of ours.</summary>
    /// <param name="loader">Any enumerable of rows.</param>
    /// <param name="convert">Runs on the thread that enumerates.</param>
    public static IEnumerable<TBatch> As<TRow, TBatch>(this IEnumerable<TRow> loader, Func<TRow, TBatch> convert)
    {
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentNullException.ThrowIfNull(convert);
        return new ConvertedLoader<TRow, TBatch>(loader, () => LoaderLength.Of(loader), convert);
    }

    /// <summary>Uses TorchSharp's own data loader. Construct it with <c>disposeBatch: false</c>: the Trainer frees each batch itself, and may look one batch ahead.</summary>
    /// <example><code>trainer.Fit(model, torchLoader.As(row => (row["data"], row["label"])));</code></example>
    public static IEnumerable<TBatch> As<TItem, TRow, TBatch>(this TorchSharp.Modules.DataLoader<TItem, TRow> loader, Func<TRow, TBatch> convert)
    {
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentNullException.ThrowIfNull(convert);
        return new ConvertedLoader<TRow, TBatch>(loader, () => (int)loader.Count, convert);
    }

    /// <summary>Reads an asynchronous sequence on the thread pool, a bounded number of batches ahead. Leaving the loop early cancels the reading.</summary>
    /// <param name="batches">The sequence; enumerated anew for each epoch. A channel: <c>reader.ReadAllAsync()</c>.</param>
    /// <param name="capacity">Most batches that wait.</param>
    /// <param name="count">Batches per epoch, if known.</param>
    /// <param name="cancellation">Ends the reading and the wait for it.</param>
    /// <exception cref="DataException">While enumerating: the sequence failed; its exception is inside.</exception>
    public static IEnumerable<TBatch> ToLoader<TBatch>(
        this IAsyncEnumerable<TBatch> batches, int capacity = 4, int? count = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        return new AsyncLoader<TBatch>(batches, capacity, count, cancellation);
    }
}
