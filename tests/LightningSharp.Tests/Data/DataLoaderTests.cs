using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public sealed class DataLoaderTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private sealed record Batch(Tensor Pixels, Tensor Label, string[] Name);

    private sealed record Item(float[,] Pixels, int Label, string Name);

    private static IDataset<(float[] X, long Y)> Noise(int count) =>
        Dataset.From(count, (index, random) => (Enumerable.Range(0, 5).Select(_ => random.NextSingle()).ToArray(), (long)index));

    private static string Text((Tensor X, Tensor Y) batch) => Convert.ToHexString(batch.X.bytes) + ":" + string.Join(",", batch.Y.data<long>().ToArray());

    private static long[] Labels(IEnumerable<(Tensor X, Tensor Y)> loader) => [.. loader.SelectMany(batch => batch.Y.data<long>().ToArray())];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    public void Any_number_of_workers_gives_the_same_bits_in_every_epoch(int workers, int prefetch)
    {
        var alone = new DataLoader<(Tensor X, Tensor Y)>(Noise(103), batchSize: 8, shuffle: true, seed: 7);
        var many = new DataLoader<(Tensor X, Tensor Y)>(Noise(103), batchSize: 8, shuffle: true, seed: 7, workers: workers, prefetch: prefetch);

        for (int epoch = 0; epoch < 3; epoch++)
            Assert.Equal(alone.Select(Text), many.Select(Text));
    }

    [Fact]
    public void Random_changes_of_an_item_differ_between_epochs()
    {
        var loader = new DataLoader<(Tensor X, Tensor Y)>(Noise(4), batchSize: 4, seed: 7);

        Assert.NotEqual(Text(loader.First()), Text(loader.First()));
        loader.SetEpoch(0);
        string first = Text(loader.First());
        loader.SetEpoch(0);
        Assert.Equal(first, Text(loader.First()));
    }

    [Theory]
    [InlineData(false, 4, 3)]
    [InlineData(true, 3, 8)]
    public void The_last_batch_is_smaller_or_dropped(bool dropLast, int batches, int last)
    {
        var loader = new DataLoader<(Tensor X, Tensor Y)>(Noise(dropLast ? 27 : 27), batchSize: 8, dropLast: dropLast);

        var sizes = loader.Select(batch => batch.Y.numel()).ToArray();

        Assert.Equal(batches, loader.BatchCount);
        Assert.Equal(batches, sizes.Length);
        Assert.Equal(last, sizes[^1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Tensors_are_gathered_by_index(int workers)
    {
        var x = arange(60, ScalarType.Float32).reshape(10, 2, 3);
        var y = arange(10, ScalarType.Int64);
        var loader = new DataLoader<(Tensor X, Tensor Y)>(new TensorDataset(x, y), batchSize: 4, shuffle: true, seed: 1, workers: workers);

        foreach (var batch in loader)
        {
            Assert.True(batch.X.Equals(x.index_select(0, batch.Y)));
            Assert.Equal(ScalarType.Int64, batch.Y.dtype);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), Labels(loader).Order());
    }

    [Fact]
    public void A_tensor_set_of_views_and_grad_tensors_is_read_correctly()
    {
        var x = arange(12, ScalarType.Float32).reshape(3, 4).t().requires_grad_();
        var loader = new DataLoader<Tensor>(new TensorDataset(x), batchSize: 4);

        var batch = loader.Single();

        Assert.True(batch.Equals(x.detach()));
        Assert.False(batch.requires_grad);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Records_of_arrays_numbers_and_text_become_records_of_tensors(int workers)
    {
        var items = Enumerable.Range(0, 5).Select(i => new Item(new float[,] { { i, 1 }, { 2, 3 } }, i, "n" + i)).ToArray();

        var batch = new DataLoader<Batch>(Dataset.From(items), batchSize: 5, workers: workers).Single();

        Assert.Equal([5L, 2, 2], batch.Pixels.shape);
        Assert.Equal(4f, batch.Pixels[4, 0, 0].ToSingle());
        Assert.Equal(ScalarType.Int32, batch.Label.dtype);
        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], batch.Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Tensor_items_are_stacked_and_freed(int workers)
    {
        var loader = new DataLoader<(Tensor X, Tensor Y)>(Dataset.From(6, i => (full(3, i), (long)i)), batchSize: 3, workers: workers);
        long before = LiveTensors.Settle();

        var batches = loader.ToArray();

        Assert.Equal(before + 4, Tensor.TotalCount);   // two tensors for each of two batches, none left of the items
        Assert.Equal(5f, batches[1].X[2, 0].ToSingle());
    }

    [Fact]
    public void Own_collate_function_makes_the_batch_on_the_consumers_thread()
    {
        int thread = 0;
        var padded = Dataset.From(4, i => Enumerable.Repeat((float)i, i + 1).ToArray()).Collate(rows =>
        {
            thread = Environment.CurrentManagedThreadId;
            return nn.utils.rnn.pad_sequence(rows.Select(row => tensor(row)), batch_first: true);
        });

        var batch = new DataLoader<Tensor>(padded, batchSize: 4, workers: 2).Single();

        Assert.Equal([4L, 4], batch.shape);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void Items_that_stay_objects_become_arrays()
    {
        var batch = new DataLoader<string[]>(Dataset.From(["a", "b", "c"]), batchSize: 2).First();

        Assert.Equal(["a", "b"], batch);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_stream_keeps_its_order_and_has_no_length(int workers)
    {
        var stream = Dataset.Stream(epoch => Enumerable.Range(100 * epoch, 25).Select(i => (new[] { (float)i }, (long)i)));
        var loader = new DataLoader<(Tensor X, Tensor Y)>(stream, batchSize: 4, workers: workers);

        Assert.Null(loader.BatchCount);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => (long)i), Labels(loader));
        Assert.Equal(Enumerable.Range(100, 25).Select(i => (long)i), Labels(loader));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void A_saved_position_goes_on_with_the_batches_that_were_left(int workers, bool setEpoch)
    {
        var whole = new DataLoader<(Tensor X, Tensor Y)>(Noise(50), batchSize: 4, shuffle: true, seed: 3);
        whole.SetEpoch(2);
        string[] expected = [.. whole.Select(Text)];

        var first = new DataLoader<(Tensor X, Tensor Y)>(Noise(50), batchSize: 4, shuffle: true, seed: 3, workers: workers);
        first.SetEpoch(2);
        string[] before = [.. first.Take(5).Select(Text)];
        var second = new DataLoader<(Tensor X, Tensor Y)>(Noise(50), batchSize: 4, shuffle: true, seed: 99, workers: workers);
        second.LoadStateDict(first.StateDict());
        if (setEpoch)
            second.SetEpoch(2);

        Assert.Equal(expected, (string[])[.. before, .. second.Select(Text)]);
        second.SetEpoch(3);
        Assert.Equal(13, second.Count());
    }

    [Fact]
    public void A_position_at_the_end_of_an_epoch_leaves_nothing_of_it()
    {
        var first = new DataLoader<(Tensor X, Tensor Y)>(Noise(8), batchSize: 4, seed: 0);
        _ = first.Count();
        var second = new DataLoader<(Tensor X, Tensor Y)>(Noise(8), batchSize: 4, seed: 0);

        second.LoadStateDict(first.StateDict());
        second.SetEpoch(0);
        Assert.Empty(second);

        second.LoadStateDict(first.StateDict());
        Assert.Equal(2, second.Count());   // nobody asked for the finished epoch: the next one
    }

    [Fact]
    public void A_stream_goes_on_where_it_was_saved()
    {
        DataLoader<(Tensor X, Tensor Y)> Loader() => new(Dataset.Stream(_ => Enumerable.Range(0, 10).Select(i => (1f, (long)i))), batchSize: 3);
        var first = Loader();
        _ = first.Take(2).Count();
        var second = Loader();

        second.LoadStateDict(first.StateDict());

        Assert.Equal([6L, 7, 8, 9], Labels(second));
    }

    [Fact]
    public void A_position_of_other_data_is_refused()
    {
        var state = new DataLoader<(Tensor X, Tensor Y)>(Noise(8), batchSize: 4, seed: 0).StateDict();

        var items = Assert.Throws<DataException>(() => new DataLoader<(Tensor X, Tensor Y)>(Noise(9), batchSize: 4).LoadStateDict(state));
        var size = Assert.Throws<DataException>(() => new DataLoader<(Tensor X, Tensor Y)>(Noise(8), batchSize: 2).LoadStateDict(state));

        Assert.Contains("number of items is 8; here it is 9", items.Message, StringComparison.Ordinal);
        Assert.Contains("batch size is 4; here it is 2", size.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_indices_name_the_items_of_a_batch()
    {
        var loader = new DataLoader<(Tensor X, Tensor Y)>(Noise(20), batchSize: 6, shuffle: true, seed: 4);
        loader.SetEpoch(3);

        int[] indices = loader.BatchIndices(1);

        Assert.Equal(Labels(loader)[6..12], indices.Select(i => (long)i));
    }

    [Fact]
    public void A_sampler_and_a_batch_sampler_decide_the_order()
    {
        var subset = new DataLoader<(Tensor X, Tensor Y)>(Noise(20), batchSize: 2, sampler: Sampler.Subset([5, 3, 1]));
        var buckets = new DataLoader<(Tensor X, Tensor Y)>(Noise(20), batchSampler: new Buckets(), workers: 2);

        Assert.Equal([5L, 3, 1], Labels(subset));
        Assert.Equal([1, 3], buckets.Select(batch => batch.Y.numel()));
        Assert.Equal([7L, 0, 1, 2], Labels(buckets));
    }

    private sealed class Buckets : IBatchSampler
    {
        public int BatchCount => 2;

        public IReadOnlyList<int> Batch(long seed, int epoch, int batch) => batch == 0 ? [7] : [0, 1, 2];
    }

    [Fact]
    public void Leaving_early_ends_the_workers()
    {
        int running = 0;
        var slow = Dataset.From(1000, i =>
        {
            Interlocked.Increment(ref running);
            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
            return (float)i;
        });
        var loader = new DataLoader<Tensor>(slow, batchSize: 4, workers: 4);

        for (int i = 0; i < 5; i++)
            _ = loader.First();

        Assert.Equal(0, running);
        Assert.Equal(1000, loader.Sum(batch => batch.numel()));
    }

    [Fact]
    public void Reading_stays_a_bounded_number_of_batches_ahead()
    {
        int read = 0;
        var loader = new DataLoader<Tensor>(Dataset.From(1000, i => (float)Interlocked.Increment(ref read)), batchSize: 1, workers: 2, prefetch: 3);
        using var batches = loader.GetEnumerator();

        batches.MoveNext();
        Thread.Sleep(100);

        Assert.InRange(read, 1, 7);   // one delivered, six ahead
    }

    [Fact]
    public void Buffers_and_tensors_do_not_pile_up()
    {
        var loader = new DataLoader<(Tensor X, Tensor Y)>(new TensorDataset(rand(512, 64), arange(512)), batchSize: 16, shuffle: true, workers: 2);
        void Epoch()
        {
            foreach (var (x, y) in loader)
            {
                x.Dispose();
                y.Dispose();
            }
        }

        Epoch();
        long tensors = LiveTensors.Settle(), bytes = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < 20; i++)
            Epoch();

        Assert.Equal(tensors, Tensor.TotalCount);
        // 20 x 32 batches of 4 KB and more: with buffers of their own they alone would be 2.7 MB
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - bytes < 1_500_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Starting_in_the_middle_gives_the_rest_without_reading_what_comes_before(int workers)
    {
        int read = 0;
        var data = Dataset.From(20, i =>
        {
            Interlocked.Increment(ref read);
            return (1f, (long)i);
        });
        var loader = new DataLoader<(Tensor X, Tensor Y)>(data, batchSize: 4, shuffle: true, seed: 2, workers: workers);
        loader.SetEpoch(3);
        long[] whole = Labels(loader);
        read = 0;

        ((IPositioned)loader).StartAt(3, 2);

        Assert.Equal(whole[8..], Labels(loader));
        Assert.Equal(12, read);
    }

    [Fact]
    public void A_shuffled_loader_can_be_made_sequential_and_sharded()
    {
        var loader = new DataLoader<(Tensor X, Tensor Y)>(Noise(7), batchSize: 2, shuffle: true);

        ((IShuffled)loader).UseSequentialOrder();
        bool sharded = ((IShardable)loader).TryShard(1, 2, pad: true);
        bool ownOrder = ((IShardable)new DataLoader<(Tensor X, Tensor Y)>(Noise(7), sampler: Sampler.Random(7))).TryShard(0, 2, pad: true);

        Assert.True(sharded);
        Assert.False(ownOrder);
        Assert.Equal([1L, 3, 5, 0], Labels(loader));   // the eighth place is filled from the start
        Assert.Equal(2, loader.BatchCount);
    }
}
