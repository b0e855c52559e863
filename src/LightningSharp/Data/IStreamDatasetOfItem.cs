namespace LightningSharp.Data;

/// <summary>A stream of items. Workers take turns in reading it, so the items arrive in its own order with any number of them.</summary>
/// <typeparam name="TItem">What one item is; becomes a part of a batch as with <see cref="IDataset{TItem}"/>.</typeparam>
public interface IStreamDataset<out TItem> : IStreamDataset
{
    /// <summary>The items of one epoch, read by one thread at a time; to go on from the middle of an epoch, a loader reads and drops what came before.</summary>
    IEnumerable<TItem> Read(int epoch);
}
