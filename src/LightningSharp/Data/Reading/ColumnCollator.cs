namespace LightningSharp.Data.Reading;

/// <summary>The default way from items to a batch: column by column.</summary>
internal sealed class ColumnCollator<TItem, TBatch> : ItemCollator<TItem, TBatch>
{
    private readonly ItemColumn<TItem>[] _columns = ItemColumns.Of<TItem, TBatch>();
    private readonly Func<object[], TBatch> _assemble;

    public ColumnCollator(string dataset)
    {
        _assemble = BatchAssembler.Create<TBatch>([.. _columns.Select(column => column.BatchType)], dataset);
        HasTensors = _columns.Any(column => column is TensorColumn<TItem>);
    }

    public override int ColumnCount => _columns.Length;

    public override bool HasTensors { get; }

    public override object Collate(TItem[] items, int count, ReadOnlySpan<int> indices, BufferPool pool)
    {
        var batch = new object[_columns.Length];
        for (int i = 0; i < batch.Length; i++)
            batch[i] = _columns[i].Collate(items.AsSpan(0, count), indices, pool);
        return batch;
    }

    public override TBatch Finish(object collated, BufferPool pool, bool pin)
    {
        var columns = (object[])collated;
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i] is HostColumn column)
                columns[i] = column.ToTensor(pool, pin);
        }

        return _assemble(columns);
    }

    public override void Discard(object collated, BufferPool pool)
    {
        foreach (object column in (object[])collated)
        {
            if (column is HostColumn host)
                host.Discard(pool);
        }
    }
}
