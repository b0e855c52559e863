namespace LightningSharp.Data.Reading;

/// <summary>One pass over a stream: the thread that takes the work reads the items, then collates them outside the lock.</summary>
internal sealed class StreamEpoch<TItem, TBatch>(
    IStreamDataset<TItem> stream, ItemCollator<TItem, TBatch> collator, int batchSize, bool dropLast, int skip) : EpochSource<TBatch>
{
    private readonly string _name = BatchAssembler.Name(stream.GetType());
    private IEnumerator<TItem>? _items;
    private int _read;
    private bool _ended;

    public override object? Take(int batch, ReadContext context)
    {
        var items = new TItem[batchSize];
        int count = 0;
        while (count < batchSize && !_ended && !context.Stopped)
        {
            if (Next(context, out var item))
                items[count++] = item;
        }

        if (count == 0 || context.Stopped || (dropLast && count < batchSize))
            return null;
        return count == batchSize ? items : items[..count];
    }

    public override object Read(object work, int batch, ReadContext context)
    {
        var items = (TItem[])work;
        if (context.Indices.Length < items.Length)
            context.Indices = new int[items.Length];
        for (int i = 0; i < items.Length; i++)
            context.Indices[i] = (batch * batchSize) + i;
        return collator.Collate(items, items.Length, context.Indices.AsSpan(0, items.Length), context.Pool);
    }

    public override TBatch Finish(object read, BufferPool pool, bool pin) => collator.Finish(read, pool, pin);

    public override void Discard(object read, BufferPool pool) => collator.Discard(read, pool);

    public override void Dispose()
    {
        _items?.Dispose();
        base.Dispose();
    }

    /// <summary>False: the item was to be skipped, or there is none.</summary>
    private bool Next(ReadContext context, out TItem item)
    {
        item = default!;   // not read by the caller when false
        context.Item = _read;
        try
        {
            _items ??= stream.Read(context.Epoch).GetEnumerator();
            if (!_items.MoveNext())
            {
                _ended = true;
                return false;
            }

            item = _items.Current;
        }
        catch (Exception failure)
        {
            _ended = true;
            throw new DataException($"{_name} threw {failure.GetType().Name} for item {_read} of the stream{context.Where}: {failure.Message}", failure);
        }

        if (item is null)
            throw new DataException($"{_name} gave null as item {_read} of the stream{context.Where}. Expected an item; skip bad ones in the stream.");
        return _read++ >= skip;
    }
}
