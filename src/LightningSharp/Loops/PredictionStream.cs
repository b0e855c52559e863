using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LightningSharp.Data.Shapes;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>Runs a prediction on a thread of its own and hands its outputs over one by one, a bounded number ahead.</summary>
internal static class PredictionStream
{
    public static async IAsyncEnumerable<TOutput> Run<TOutput>(
        Action<Action<TOutput>, CancellationToken> predict, int ahead, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<TOutput>(new BoundedChannelOptions(ahead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var run = OwnThread.Run(() => Produce(predict, channel.Writer, stop.Token));
        try
        {
            await foreach (var output in channel.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return output;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.ConfigureAwait(false);
            while (channel.Reader.TryRead(out var left)) Free(left);
        }
    }

    private static bool Produce<TOutput>(Action<Action<TOutput>, CancellationToken> predict, ChannelWriter<TOutput> writer, CancellationToken stop)
    {
        try
        {
            // The step thread waits here while the caller is slower; it has nothing else to do.
            predict(output => writer.WriteAsync(output, stop).AsTask().GetAwaiter().GetResult(), stop);
            writer.Complete();
        }
        catch (Exception exception)
        {
            writer.Complete(exception); // thrown where the outputs are read
        }

        return true;
    }

    private static void Free<TOutput>(TOutput output)
    {
        if (output is null) return;
        var tensors = new List<Tensor>();
        BatchShape<TOutput>.Instance.Collect(output, tensors);
        foreach (var tensor in tensors) tensor.Dispose();
    }
}
