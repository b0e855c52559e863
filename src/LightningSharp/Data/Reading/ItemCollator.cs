namespace LightningSharp.Data.Reading;

/// <summary>How single items become a batch; like <see cref="BatchReader{TBatch}"/> in two halves.</summary>
internal abstract class ItemCollator<TItem, TBatch>
{
    public abstract int ColumnCount { get; }

    /// <summary>Whether items hold tensors that die when the batch is made.</summary>
    public abstract bool HasTensors { get; }

    public abstract object Collate(TItem[] items, int count, ReadOnlySpan<int> indices, BufferPool pool);

    public abstract TBatch Finish(object collated, BufferPool pool, bool pin);

    public abstract void Discard(object collated, BufferPool pool);
}
