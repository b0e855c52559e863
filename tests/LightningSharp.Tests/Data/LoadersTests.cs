using System.Runtime.CompilerServices;
using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

#pragma warning disable xUnit1051 // the loader gives the sequences its own token

namespace LightningSharp.Tests.Data;

public sealed class LoadersTests
{
    private static async IAsyncEnumerable<int> Count(int to, Action<int>? given = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int i = 0; i < to; i++)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            given?.Invoke(i);
            yield return i;
        }
    }

    [Fact]
    public void An_asynchronous_sequence_is_read_in_order_every_epoch()
    {
        var loader = Count(20).ToLoader(capacity: 2, count: 20);

        Assert.Equal(Enumerable.Range(0, 20), loader);
        Assert.Equal(Enumerable.Range(0, 20), loader);
        Assert.Equal(20, ((ILoader)loader).BatchCount);
    }

    [Fact]
    public void An_asynchronous_sequence_is_not_read_further_ahead_than_the_capacity()
    {
        int last = 0;
        using var batches = Count(1000, i => last = i).ToLoader(capacity: 3).GetEnumerator();

        batches.MoveNext();
        Thread.Sleep(100);

        Assert.InRange(last, 0, 5);   // one taken, three waiting, one in the writer's hand
    }

    [Fact]
    public void An_error_of_an_asynchronous_sequence_arrives_with_its_cause()
    {
        var failing = Count(10, i =>
        {
            if (i == 3)
                throw new InvalidDataException("cut off");
        });
        var received = new List<int>();

        var error = Assert.Throws<DataException>(() =>
        {
            foreach (int batch in failing.ToLoader())
                received.Add(batch);
        });

        Assert.Equal([0, 1, 2], received);
        Assert.IsType<InvalidDataException>(error.InnerException);
    }

    [Fact]
    public async Task Cancellation_ends_a_wait_for_an_asynchronous_sequence()
    {
        using var cancellation = new CancellationTokenSource();
        async IAsyncEnumerable<int> Never([EnumeratorCancellation] CancellationToken stop = default)
        {
            await Task.Delay(Timeout.Infinite, stop);
            yield return 1;
        }

        var waiting = Task.Run(() => Never().ToLoader(cancellation: cancellation.Token).Count(), TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void TorchSharps_own_loader_is_used_through_As()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (rand(10, 3), arange(10));
        using var dataset = new Rows(x, y);
        using var torchLoader = new TorchSharp.Modules.DataLoader(dataset, 4, shuffle: false, disposeBatch: false);

        var loader = torchLoader.As(row => (X: row["x"], Y: row["y"]));
        var labels = loader.SelectMany(batch => batch.Y.data<long>().ToArray());

        Assert.Equal(3, ((ILoader)loader).BatchCount);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), labels);
    }

    private sealed class Rows(Tensor x, Tensor y) : utils.data.Dataset
    {
        public override long Count => x.shape[0];

        public override Dictionary<string, Tensor> GetTensor(long index) => new() { ["x"] = x[index], ["y"] = y[index] };
    }

    [Fact]
    public void As_converts_arrays_and_keeps_their_length()
    {
        var loader = new[] { 1, 2, 3 }.As(i => i * 2);

        Assert.Equal(3, ((ILoader)loader).BatchCount);
        Assert.Equal([2, 4, 6], loader);
    }
}
