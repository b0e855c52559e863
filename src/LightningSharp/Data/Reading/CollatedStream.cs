namespace LightningSharp.Data.Reading;

internal sealed class CollatedStream<TItem, TBatch>(IStreamDataset<TItem> stream, Func<IReadOnlyList<TItem>, TBatch> collate) : IStreamDataset, IStreamCollate<TBatch>
{
    public int? Count => stream.Count;

    public LoaderSource<TBatch> Source(int batchSize, bool dropLast) =>
        new StreamSource<TItem, TBatch>(stream, batchSize, dropLast, new ListCollator<TItem, TBatch>(collate));
}
