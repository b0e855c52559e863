namespace LightningSharp.Data;

/// <summary>Data that can only be read from the front: a log, a queue, shards of a file too large to index. Implement <see cref="IStreamDataset{TItem}"/>.</summary>
public interface IStreamDataset
{
    /// <summary>Items per epoch if that is known; it gives the loader a length.</summary>
    int? Count => null;
}
