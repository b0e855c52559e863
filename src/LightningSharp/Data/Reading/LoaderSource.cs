using System.Reflection;
using LightningSharp.Data.Sampling;

namespace LightningSharp.Data.Reading;

/// <summary>What a loader reads from, with the types of its items hidden.</summary>
internal abstract class LoaderSource<TBatch>
{
    public abstract int? BatchCount { get; }

    /// <summary>Buffers per batch.</summary>
    public abstract int ColumnCount { get; }

    /// <summary>Items in all, for the check on resuming; null: unknown.</summary>
    public abstract int? ItemCount { get; }

    public abstract EpochSource<TBatch> Begin(int start);

    /// <summary>Finds out how the data set gives its items, by its interfaces; once per loader.</summary>
    public static LoaderSource<TBatch> Of(IDataset dataset, BatchPlan plan) => new MapSource<TBatch>(dataset, Reader(dataset), plan);

    public static LoaderSource<TBatch> Of(IStreamDataset stream, int batchSize, bool dropLast)
    {
        if (stream is IStreamCollate<TBatch> collate)
            return collate.Source(batchSize, dropLast);
        Type item = Item(stream.GetType(), typeof(IStreamDataset<>)) ?? throw Unknown(stream, "IStreamDataset<TItem>");
        return (LoaderSource<TBatch>)Activator.CreateInstance(typeof(StreamSource<,>).MakeGenericType(item, typeof(TBatch)), stream, batchSize, dropLast)!;
    }

    private static BatchReader<TBatch> Reader(IDataset dataset)
    {
        if (dataset is IBatchDataset batches)
            return new ColumnReader<TBatch>(batches);
        if (dataset is ICollate<TBatch> collate)
            return collate.Reader();
        Type item = Item(dataset.GetType(), typeof(IDataset<>)) ?? throw Unknown(dataset, "IDataset<TItem> or IBatchDataset");
        return (BatchReader<TBatch>)Activator.CreateInstance(
            typeof(ItemReader<,>).MakeGenericType(item, typeof(TBatch)), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions, null, [dataset], null)!;
    }

    private static Type? Item(Type dataset, Type definition) => dataset.GetInterfaces()
        .FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == definition)?.GetGenericArguments()[0];

    private static MisconfigurationException Unknown(object dataset, string expected) => new(
        $"{BatchAssembler.Name(dataset.GetType())} cannot give a loader of {BatchAssembler.Name(typeof(TBatch))} its data. Expected it to implement {expected}, or to be collated to that batch type.");
}
