namespace LightningSharp.Data;

/// <summary>
/// A data set of single items, the usual thing to write. With worker threads, items are asked for from several threads at once, in any order.
/// Numbers, arrays and spans of numbers become tensors when items are put together; tuples and records become tuples and records of tensors.
/// </summary>
/// <typeparam name="TItem">What one item is, for example <c>(float[] Pixels, long Label)</c>.</typeparam>
/// <example><code>
/// sealed class Squares : IDataset&lt;(float X, float Y)&gt;
/// {
///     public int Count => 1000;
///     public (float X, float Y) Get(int index) => (index, index * index);
/// }
/// </code></example>
public interface IDataset<out TItem> : IDataset
{
    /// <summary>The item at a position from 0 to <see cref="IDataset.Count"/> - 1; never null.</summary>
    TItem Get(int index);

    /// <summary>The same for data with random changes. The loader calls this one.</summary>
    /// <param name="index">Which item.</param>
    /// <param name="random">Numbers that depend on (seed, epoch, index) alone, so that an item is the same whichever thread makes it; valid during the call.</param>
    TItem Get(int index, Random random) => Get(index);
}
