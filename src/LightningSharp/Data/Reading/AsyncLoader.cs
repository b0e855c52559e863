using System.Collections;
using System.Threading.Channels;

namespace LightningSharp.Data.Reading;

/// <summary>An asynchronous sequence behind a bounded channel, read by a loop that may block.</summary>
internal sealed class AsyncLoader<TBatch>(IAsyncEnumerable<TBatch> batches, int capacity, int? count, CancellationToken cancellation) : IEnumerable<TBatch>, ILoader
{
    public int? BatchCount => count;

    public void SetEpoch(int epoch)
    {
        // an asynchronous sequence has one order
    }

    public IEnumerator<TBatch> GetEnumerator()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<TBatch>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
        var pump = Task.Run(() => Pump(channel.Writer, stop.Token), CancellationToken.None);
        try
        {
            while (Wait(channel.Reader, cancellation))
            {
                while (channel.Reader.TryRead(out var batch))
                    yield return batch;
            }
        }
        finally
        {
            stop.Cancel();
            pump.Wait(TimeSpan.FromSeconds(2), CancellationToken.None);   // a sequence that ignores its token is left behind
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool Wait(ChannelReader<TBatch> reader, CancellationToken cancellation)
    {
        try
        {
            return reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            throw new DataException($"The asynchronous sequence threw {failure.GetType().Name}: {failure.Message}", failure);
        }
    }

    private async Task Pump(ChannelWriter<TBatch> writer, CancellationToken stop)
    {
        try
        {
            await foreach (var batch in batches.WithCancellation(stop).ConfigureAwait(false))
                await writer.WriteAsync(batch, stop).ConfigureAwait(false);
            writer.Complete();
        }
        catch (Exception failure)
        {
            writer.Complete(failure);
        }
    }
}
