using System.Threading.Channels;
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

    /// <summary>
    /// Reads an asynchronous sequence on a thread of its own, a bounded number of batches ahead. Leaving the loop early cancels the reading. Tensors that the sequence makes for a batch are
    /// freed with the batch, ones that existed before stay yours.
    /// </summary>
    /// <param name="batches">The sequence; enumerated anew for each epoch. What follows its awaits runs on that thread, too, except after <c>ConfigureAwait(false)</c>.</param>
    /// <param name="capacity">Most batches that wait.</param>
    /// <param name="count">Batches per epoch, if known.</param>
    /// <param name="cancellation">Ends the reading and the wait for it.</param>
    /// <exception cref="DataException">While enumerating: the sequence failed; its exception is inside.</exception>
    public static IEnumerable<TBatch> ToLoader<TBatch>(
        this IAsyncEnumerable<TBatch> batches, int capacity = 4, int? count = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        if (count is { } known)
            ArgumentOutOfRangeException.ThrowIfNegative(known, nameof(count));
        return new AsyncLoader<TBatch>(batches, capacity, count, cancellation);
    }

    /// <summary>Reads a channel to its end. It gives each batch once, so it is a single epoch however often it is enumerated; what was read ahead when a loop leaves early is gone.</summary>
    /// <inheritdoc cref="ToLoader{TBatch}(IAsyncEnumerable{TBatch}, int, int?, CancellationToken)"/>
    /// <param name="channel">The channel; complete its writer, with an exception or without, to end the epoch.</param>
    /// <param name="capacity">Most batches that wait beside those in the channel.</param>
    /// <param name="count">Batches until the end, if known.</param>
    /// <param name="cancellation">Ends the reading and the wait for it.</param>
    public static IEnumerable<TBatch> ToLoader<TBatch>(this ChannelReader<TBatch> channel, int capacity = 1, int? count = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.ReadAllAsync(CancellationToken.None).ToLoader(capacity, count, cancellation);   // the loader gives it its own token
    }
}
