using LightningSharp.Data.Reading;

namespace LightningSharp.Data;

/// <summary>Small data sets without a class, and changes to existing ones.</summary>
public static class Dataset
{
    /// <summary>A data set whose items a function makes; it is called from several threads at once if the loader has workers.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="get">The item at a position.</param>
    public static IDataset<TItem> From<TItem>(int count, Func<int, TItem> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new FunctionDataset<TItem>(() => count, (index, _) => get(index));
    }

    /// <summary>The same for items with random changes; the numbers depend on (seed, epoch, index) alone.</summary>
    public static IDataset<TItem> From<TItem>(int count, Func<int, Random, TItem> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new FunctionDataset<TItem>(() => count, get);
    }

    /// <summary>
    /// A data set whose function writes an item's numbers straight into the batch: no object and no copy per item, several times faster than items that are arrays.
    /// Both functions are called from several threads at once if the loader has workers.
    /// </summary>
    /// <typeparam name="TElement">What the inputs consist of: float, double, Half, byte, sbyte, short, int, long or bool.</typeparam>
    /// <typeparam name="TLabel">The label, one number per item, of the same kinds.</typeparam>
    /// <param name="count">Number of items.</param>
    /// <param name="shape">Shape of one item, without the batch dimension.</param>
    /// <param name="fill">Writes all the numbers of the item at a position; what it leaves out is undefined.</param>
    /// <param name="label">The label of the item at a position.</param>
    /// <returns>For loaders of <c>(Tensor, Tensor)</c>: inputs [batch, shape...], labels [batch].</returns>
    /// <exception cref="ArgumentException">An element type that is no number, or a negative size.</exception>
    /// <example><code>var data = Dataset.From(pictures.Count, [1, 28, 28], (int i, Span&lt;float&gt; pixels) => pictures[i].CopyTo(pixels), i => labels[i]);</code></example>
    public static IBatchDataset From<TElement, TLabel>(int count, ReadOnlySpan<long> shape, FillItem<TElement> fill, Func<int, TLabel> label)
        where TElement : unmanaged
        where TLabel : unmanaged
    {
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentNullException.ThrowIfNull(label);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new SpanDataset<TElement, TLabel>(count, shape, fill, label);
    }

    /// <summary>The elements of a list; it is not copied.</summary>
    public static IDataset<TItem> From<TItem>(IReadOnlyList<TItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new FunctionDataset<TItem>(() => items.Count, (index, _) => items[index]);
    }

    /// <summary>A stream from a function that is called once per epoch.</summary>
    /// <param name="read">The items of one epoch.</param>
    /// <param name="count">Items per epoch, if known.</param>
    public static IStreamDataset<TItem> Stream<TItem>(Func<int, IEnumerable<TItem>> read, int? count = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new FunctionStream<TItem>(read, count);
    }

    /// <summary>Changes every item as it is read, in the loader's workers.</summary>
    public static IDataset<TResult> Map<TItem, TResult>(this IDataset<TItem> dataset, Func<TItem, TResult> change)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(change);
        return new FunctionDataset<TResult>(() => dataset.Count, (index, random) => change(dataset.Get(index, random)));
    }

    /// <summary>The same with random numbers that depend on (seed, epoch, index) alone, for augmentation.</summary>
    public static IDataset<TResult> Map<TItem, TResult>(this IDataset<TItem> dataset, Func<TItem, Random, TResult> change)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(change);
        return new FunctionDataset<TResult>(() => dataset.Count, (index, random) => change(dataset.Get(index, random), random));
    }

    /// <summary>Some of the items, in the order given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the data set.</exception>
    public static IDataset<TItem> Subset<TItem>(this IDataset<TItem> dataset, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(indices);
        int[] chosen = [.. indices];
        foreach (int index in chosen)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)dataset.Count, nameof(indices));
        return new FunctionDataset<TItem>(() => chosen.Length, (index, random) => dataset.Get(chosen[index], random));
    }

    /// <summary>Several data sets one after another.</summary>
    public static IDataset<TItem> Concat<TItem>(this IDataset<TItem> first, IDataset<TItem> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new FunctionDataset<TItem>(
            () => first.Count + second.Count,
            (index, random) => index < first.Count ? first.Get(index, random) : second.Get(index - first.Count, random));
    }

    /// <summary>Splits at random into parts without common items, the same ones for the same seed.</summary>
    /// <param name="dataset">What to split.</param>
    /// <param name="fraction">Share of the first part, between 0 and 1.</param>
    /// <param name="seed">Decides which items go where.</param>
    public static (IDataset<TItem> First, IDataset<TItem> Second) Split<TItem>(this IDataset<TItem> dataset, double fraction, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var (first, second) = Parts(dataset.Count, fraction, seed);
        return (dataset.Subset(first), dataset.Subset(second));
    }

    /// <summary>Some of the items of a data set that gives whole batches, in the order given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the data set.</exception>
    public static IBatchDataset Subset(this IBatchDataset dataset, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(indices);
        int[] chosen = [.. indices];
        foreach (int index in chosen)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)dataset.Count, nameof(indices));
        return new BatchSubset(dataset, chosen);
    }

    /// <summary>Two data sets that give whole batches, one after the other.</summary>
    /// <exception cref="ArgumentException">Their columns differ.</exception>
    public static IBatchDataset Concat(this IBatchDataset first, IBatchDataset second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new BatchConcat(first, second);
    }

    /// <summary>Splits a data set that gives whole batches at random, as <see cref="Split{TItem}"/> does: the same seed chooses the same items.</summary>
    /// <param name="dataset">What to split.</param>
    /// <param name="fraction">Share of the first part, between 0 and 1.</param>
    /// <param name="seed">Decides which items go where.</param>
    /// <example><code>var (train, validation) = new Mnist().Split(0.9, seed: 0);</code></example>
    public static (IBatchDataset First, IBatchDataset Second) Split(this IBatchDataset dataset, double fraction, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var (first, second) = Parts(dataset.Count, fraction, seed);
        return (new BatchSubset(dataset, first), new BatchSubset(dataset, second));
    }

    /// <summary>Gives a data set the function that makes a batch of its items, for batches that are not simply stacked.</summary>
    /// <param name="dataset">The data set; its items should not hold tensors when the loader has workers.</param>
    /// <param name="collate">Makes a batch; runs on the thread that enumerates the loader, and may make tensors.</param>
    public static IDataset Collate<TItem, TBatch>(this IDataset<TItem> dataset, Func<IReadOnlyList<TItem>, TBatch> collate)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(collate);
        return new CollatedDataset<TItem, TBatch>(dataset, collate);
    }

    /// <summary>The same for a stream.</summary>
    public static IStreamDataset Collate<TItem, TBatch>(this IStreamDataset<TItem> stream, Func<IReadOnlyList<TItem>, TBatch> collate)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(collate);
        return new CollatedStream<TItem, TBatch>(stream, collate);
    }

    private static (int[] First, int[] Second) Parts(int count, double fraction, long seed)
    {
        if (!(fraction is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, $"fraction = {fraction}: expected the share of the first part, between 0 and 1.");
        var order = new int[count];
        Sampler.Random(count).Fill(seed, 0, 0, order);
        int first = (int)Math.Round(count * fraction);
        return (order[..first], order[first..]);
    }
}
