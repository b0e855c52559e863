using System.Collections;

namespace LightningSharp.Data.Reading;

/// <summary>An asynchronous sequence behind a bounded queue, read by a loop that may block.</summary>
internal sealed class AsyncLoader<TBatch>(IAsyncEnumerable<TBatch> batches, int capacity, int? count, CancellationToken cancellation) : IEnumerable<TBatch>, ILoader
{
    public int? BatchCount => count;

    public void SetEpoch(int epoch)
    {
        // an asynchronous sequence has one order
    }

    public IEnumerator<TBatch> GetEnumerator() => new AsyncEnumerator<TBatch>(batches, capacity, cancellation);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
