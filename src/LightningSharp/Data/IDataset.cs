namespace LightningSharp.Data;

/// <summary>
/// Data that can be read by position. A user's data set implements <see cref="IDataset{TItem}"/> (one item at a time) or
/// <see cref="IBatchDataset"/> (whole batches, much faster); this is what both have in common.
/// </summary>
public interface IDataset
{
    /// <summary>Number of items; must stay the same while a loader reads.</summary>
    int Count { get; }
}
