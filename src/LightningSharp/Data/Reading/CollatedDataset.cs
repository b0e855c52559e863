namespace LightningSharp.Data.Reading;

internal sealed class CollatedDataset<TItem, TBatch>(IDataset<TItem> dataset, Func<IReadOnlyList<TItem>, TBatch> collate) : IDataset, ICollate<TBatch>
{
    public int Count => dataset.Count;

    public BatchReader<TBatch> Reader() => new ItemReader<TItem, TBatch>(dataset, new ListCollator<TItem, TBatch>(collate));
}
