using LightningSharp.Data.Sampling;

namespace LightningSharp.Data.Reading;

/// <summary>One pass over a data set that can be read by position.</summary>
internal sealed class MapEpoch<TBatch>(IDataset dataset, BatchReader<TBatch> reader, BatchPlan plan) : EpochSource<TBatch>
{
    private static readonly object Work = new();
    private readonly int _count = dataset.Count;
    private readonly int _batches = plan.BatchCount;

    public override object? Take(int batch, ReadContext context) => batch < _batches ? Work : null;

    public override object Read(object work, int batch, ReadContext context) => reader.Read(Indices(batch, context), context);

    public override TBatch ReadHere(object work, int batch, ReadContext context, bool pin) => reader.ReadHere(Indices(batch, context), context, pin);

    public override TBatch Finish(object read, BufferPool pool, bool pin) => reader.Finish(read, pool, pin);

    public override void Discard(object read, BufferPool pool) => reader.Discard(read, pool);

    private ReadOnlySpan<int> Indices(int batch, ReadContext context)
    {
        if (dataset.Count != _count)
            throw new DataException($"{BatchAssembler.Name(dataset.GetType())} had {_count} items when the epoch began and has {dataset.Count} now (batch {batch}). Expected a fixed number; change it between epochs only.");
        var indices = plan.Indices(context.Seed, context.Epoch, batch, ref context.Indices);
        if (indices.IsEmpty)
            throw new DataException($"Batch {batch} of the batch sampler is empty. Expected at least one index; leave empty batches out of BatchCount.");
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)_count)
                throw new DataException($"The sampler asked for item {index} in batch {batch}, but {BatchAssembler.Name(dataset.GetType())} has {_count} items. Expected indices from 0 to {_count - 1}.");
        }

        return indices;
    }
}
