namespace LightningSharp.Data.Reading;

/// <summary>The batches of one enumeration. <see cref="Take"/> hands out the work in order, one caller at a time; the rest may run on several threads.</summary>
internal abstract class EpochSource<TBatch> : IDisposable
{
    /// <summary>The work for the next batch, or null at the end.</summary>
    public abstract object? Take(int batch, ReadContext context);

    /// <summary>The first half of the work, on any thread.</summary>
    public abstract object Read(object work, int batch, ReadContext context);

    /// <summary>The second half, on the thread that takes the batch.</summary>
    public abstract TBatch Finish(object read, BufferPool pool, bool pin);

    /// <summary>Both halves on one thread.</summary>
    public virtual TBatch ReadHere(object work, int batch, ReadContext context, bool pin) => Finish(Read(work, batch, context), context.Pool, pin);

    public abstract void Discard(object read, BufferPool pool);

    public virtual void Dispose()
    {
    }
}
