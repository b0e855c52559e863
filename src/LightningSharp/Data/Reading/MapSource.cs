using LightningSharp.Data.Sampling;

namespace LightningSharp.Data.Reading;

internal sealed class MapSource<TBatch>(IDataset dataset, BatchReader<TBatch> reader, BatchPlan plan) : LoaderSource<TBatch>
{
    public override int? BatchCount => plan.BatchCount;

    public override int ColumnCount => reader.ColumnCount;

    public override int? ItemCount => dataset.Count;

    public override EpochSource<TBatch> Begin(int start) => new MapEpoch<TBatch>(dataset, reader, plan);
}
