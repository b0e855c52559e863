using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

/// <summary>Bad data and bad arguments: what happened, what was expected, with indices and values.</summary>
public sealed class DataLoaderErrorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static float FailAt(int index) => index == 5 ? throw new InvalidDataException("broken picture") : index;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_of_the_data_set_names_the_item_and_keeps_its_stack(int workers)
    {
        var loader = new DataLoader<Tensor>(Dataset.From(20, FailAt), batchSize: 2, workers: workers);
        int delivered = 0;

        var error = Assert.Throws<DataException>(() =>
        {
            foreach (var _ in loader)
                delivered++;
        });

        Assert.Equal(2, delivered);   // the batches before it arrived
        Assert.Contains("item 5", error.Message, StringComparison.Ordinal);
        Assert.Contains("broken picture", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(error.InnerException);
        Assert.Contains(nameof(FailAt), error.InnerException.StackTrace!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_exception_of_a_stream_names_the_item(int workers)
    {
        var loader = new DataLoader<Tensor>(Dataset.Stream(_ => Enumerable.Range(0, 20).Select(FailAt)), batchSize: 2, workers: workers);

        var error = Assert.Throws<DataException>(() => loader.Count());

        Assert.Contains("item 5 of the stream", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(error.InnerException);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Different_shapes_in_one_batch_name_indices_and_shapes(int workers)
    {
        var loader = new DataLoader<Tensor>(Dataset.From(6, i => new float[i == 4 ? 3 : 2]), batchSize: 3, workers: workers);

        var error = Assert.Throws<DataException>(() => loader.Count());

        Assert.Contains("of item 3 is [2], of item 4 [3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_tensor_shapes_and_types_name_indices()
    {
        var shapes = new DataLoader<Tensor>(Dataset.From(2, i => zeros(i + 1, 2)), batchSize: 2);
        var types = new DataLoader<Tensor>(Dataset.From(2, i => zeros([2], i == 0 ? ScalarType.Float32 : ScalarType.Int64)), batchSize: 2);

        Assert.Contains("of item 0 is [1, 2], of item 1 [2, 2]", Assert.Throws<DataException>(() => shapes.Count()).Message, StringComparison.Ordinal);
        Assert.Contains("of item 0 is Float32, of item 1 Int64", Assert.Throws<DataException>(() => types.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_items_and_parts_name_the_index()
    {
        var items = new DataLoader<string[]>(Dataset.From(3, i => i == 1 ? null! : "x"), batchSize: 3);
        var parts = new DataLoader<(Tensor, Tensor)>(Dataset.From(3, i => (i == 2 ? null! : new float[1], 1f)), batchSize: 3);

        Assert.Contains("null for item 1", Assert.Throws<DataException>(() => items.Count()).Message, StringComparison.Ordinal);
        Assert.Contains("of item 2 is null", Assert.Throws<DataException>(() => parts.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_changes_during_an_epoch_is_refused()
    {
        var list = new List<float> { 1, 2, 3, 4 };
        var loader = new DataLoader<Tensor>(Dataset.From(list), batchSize: 2);

        var error = Assert.Throws<DataException>(() =>
        {
            foreach (var _ in loader)
                list.Add(5);
        });

        Assert.Contains("had 4 items when the epoch began and has 5 now", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void No_items_give_no_batches(int workers)
    {
        var loader = new DataLoader<Tensor>(Dataset.From(0, i => (float)i), batchSize: 2, workers: workers, shuffle: true);

        Assert.Equal(0, loader.BatchCount);
        Assert.Empty(loader);
    }

    [Fact]
    public void Dropping_the_only_batch_is_refused()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new DataLoader<Tensor>(Dataset.From(10, i => (float)i), batchSize: 64, dropLast: true));

        Assert.Contains("batchSize is 64", error.Message, StringComparison.Ordinal);
        Assert.Contains("10 items", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_that_never_returns_is_named_with_its_item_after_the_timeout()
    {
        using var release = new ManualResetEventSlim();
        var hanging = Dataset.From(10, i =>
        {
            if (i == 3)
                release.Wait();
            return (float)i;
        });
        var loader = new DataLoader<Tensor>(hanging, batchSize: 2, workers: 2, timeout: TimeSpan.FromMilliseconds(200));

        DataException error;
        using (var batches = loader.GetEnumerator())
        {
            Assert.True(batches.MoveNext());
            error = Assert.Throws<DataException>(() => batches.MoveNext());
            release.Set();
        }

        Assert.Matches(@"Batch 1 was not ready after 0\.2 s: worker [01] is at item 3", error.Message);
    }

    [Fact]
    public async Task Cancellation_ends_a_wait_for_data()
    {
        using var cancellation = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var loader = new DataLoader<Tensor>(
            Dataset.From(10, i =>
            {
                release.Wait(TestContext.Current.CancellationToken);
                return (float)i;
            }),
            workers: 1,
            cancellation: cancellation.Token);
        using var batches = loader.GetEnumerator();
        var waiting = Task.Run(() => batches.MoveNext());

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        release.Set();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(20)]
    public void An_index_outside_the_data_set_is_refused(int index)
    {
        var loader = new DataLoader<Tensor>(Dataset.From(20, i => (float)i), sampler: Sampler.Subset([index]));

        var error = Assert.Throws<DataException>(() => loader.Count());

        Assert.Contains($"asked for item {index} in batch 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 19", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_type_that_does_not_fit_is_refused_at_construction()
    {
        var wrong = Assert.Throws<MisconfigurationException>(() => new DataLoader<(Tensor, Tensor)>(Dataset.From(2, i => (1f, 2f, 3f))));
        var unknown = Assert.Throws<MisconfigurationException>(() => new DataLoader<Tensor>(new Nothing()));

        Assert.Contains("3 column(s)", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("(Tensor, Tensor)", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("IDataset<TItem> or IBatchDataset", unknown.Message, StringComparison.Ordinal);
    }

    private sealed class Nothing : IDataset
    {
        public int Count => 1;
    }

    [Fact]
    public void Contradicting_and_impossible_arguments_are_refused()
    {
        var data = Dataset.From(10, i => (float)i);

        Assert.Throws<MisconfigurationException>(() => new DataLoader<Tensor>(data, shuffle: true, sampler: Sampler.Random(10)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader<Tensor>(data, batchSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader<Tensor>(data, workers: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader<Tensor>(data, prefetch: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader<Tensor>(data, timeout: TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new TensorDataset(zeros(3), zeros(4)));
        Assert.Throws<ArgumentException>(() => new TensorDataset());
        Assert.Throws<ArgumentException>(() => new TensorDataset(tensor(1f)));
    }

    [Fact]
    public void A_collate_function_that_fails_names_the_items()
    {
        var failing = Dataset.From(10, i => i).Collate<int, Tensor>(_ => throw new InvalidOperationException("no"));

        var error = Assert.Throws<DataException>(() => new DataLoader<Tensor>(failing, batchSize: 3).Count());

        Assert.Contains("indices 0, 1, 2", error.Message, StringComparison.Ordinal);
    }
}
