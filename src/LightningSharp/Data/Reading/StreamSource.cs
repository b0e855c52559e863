namespace LightningSharp.Data.Reading;

internal sealed class StreamSource<TItem, TBatch>(IStreamDataset<TItem> stream, int batchSize, bool dropLast, ItemCollator<TItem, TBatch> collator)
    : LoaderSource<TBatch>
{
    public StreamSource(IStreamDataset<TItem> stream, int batchSize, bool dropLast)
        : this(stream, batchSize, dropLast, new ColumnCollator<TItem, TBatch>(BatchAssembler.Name(stream.GetType())))
    {
    }

    public override int? BatchCount => stream.Count is { } items ? (dropLast ? items / batchSize : (items + batchSize - 1) / batchSize) : null;

    public override int ColumnCount => collator.ColumnCount;

    public override int? ItemCount => stream.Count;

    public override EpochSource<TBatch> Begin(int start) => new StreamEpoch<TItem, TBatch>(stream, collator, batchSize, dropLast, start * batchSize);
}
