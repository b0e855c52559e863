namespace LightningSharp.Data.Reading;

/// <summary>
/// How a data set becomes batches, in two halves: <see cref="Read"/> on any thread, with managed memory only, and <see cref="Finish"/> on the thread
/// that takes the batch, where the tensors are made. One object per loader.
/// </summary>
internal abstract class BatchReader<TBatch>
{
    public abstract object Read(ReadOnlySpan<int> indices, ReadContext context);

    public abstract TBatch Finish(object read, BufferPool pool, bool pin);

    /// <summary>Both halves at once, for loaders without workers.</summary>
    public virtual TBatch ReadHere(ReadOnlySpan<int> indices, ReadContext context, bool pin) => Finish(Read(indices, context), context.Pool, pin);

    /// <summary>Gives back what a batch that nobody took holds.</summary>
    public virtual void Discard(object read, BufferPool pool)
    {
    }

    /// <summary>The buffers that a batch needs.</summary>
    public virtual int ColumnCount => 1;
}
