using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>Item by item from an <see cref="IDataset{TItem}"/>.</summary>
internal sealed class ItemReader<TItem, TBatch>(IDataset<TItem> dataset, ItemCollator<TItem, TBatch> collator) : BatchReader<TBatch>
{
    private readonly string _name = BatchAssembler.Name(dataset.GetType());

    public ItemReader(IDataset<TItem> dataset)
        : this(dataset, new ColumnCollator<TItem, TBatch>(BatchAssembler.Name(dataset.GetType())))
    {
    }

    public override int ColumnCount => collator.ColumnCount;

    public override object Read(ReadOnlySpan<int> indices, ReadContext context)
    {
        // tensors that the data set makes for an item live until they are copied; ones that it keeps were made outside this scope
        using var scope = collator.HasTensors ? NewDisposeScope() : null;
        var items = new TItem[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            if (context.Stopped)
                throw new OperationCanceledException();
            items[i] = Get(indices[i], context);
        }

        context.Item = -1;
        return collator.Collate(items, items.Length, indices, context.Pool);
    }

    public override TBatch Finish(object read, BufferPool pool, bool pin) => collator.Finish(read, pool, pin);

    public override void Discard(object read, BufferPool pool) => collator.Discard(read, pool);

    private TItem Get(int index, ReadContext context)
    {
        context.Item = index;
        context.Random.Reset(context.Seed, context.Epoch, index);
        TItem item;
        try
        {
            item = dataset.Get(index, context.Random);
        }
        catch (Exception failure)
        {
            throw new DataException($"{_name} threw {failure.GetType().Name} for item {index}{context.Where}: {failure.Message}", failure);
        }

        return item ?? throw new DataException($"{_name} returned null for item {index}{context.Where}. Expected an item; leave bad ones out of Count, or return a substitute.");
    }
}
