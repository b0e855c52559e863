namespace LightningSharp.Data;

/// <summary>
/// A data set that writes whole batches straight into the memory of the batch tensors: no object and no tensor per item.
/// A loader calls it from several threads at once, so <see cref="Fill"/> must not change anything but its destination.
/// </summary>
public interface IBatchDataset : IDataset
{
    /// <summary>What one item consists of: one column per tensor of the batch, in the batch's order.</summary>
    IReadOnlyList<Column> Columns { get; }

    /// <summary>Writes the items at <paramref name="indices"/>, one after another, as the elements of one column.</summary>
    /// <param name="column">Position in <see cref="Columns"/>.</param>
    /// <param name="indices">Which items; each is at least 0 and below <see cref="IDataset.Count"/>; repeats are allowed.</param>
    /// <param name="destination">Exactly <c>indices.Length * Columns[column].BytesPerItem</c> bytes, uninitialised: all must be written.</param>
    void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination);
}
