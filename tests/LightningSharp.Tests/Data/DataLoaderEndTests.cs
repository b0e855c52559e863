using System.Collections.Concurrent;
using System.Diagnostics;
using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

/// <summary>How enumerations end, in order and out of it: no thread stays, nothing is closed twice, nobody waits for ever.</summary>
public sealed class DataLoaderEndTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>Items that remember which threads have read them.</summary>
    private static (IDataset<float> Data, ConcurrentDictionary<Thread, bool> Threads) Watched(int count, Action<int>? before = null)
    {
        var threads = new ConcurrentDictionary<Thread, bool>();
        return (Dataset.From(count, i =>
        {
            threads[Thread.CurrentThread] = true;
            before?.Invoke(i);
            return (float)i;
        }), threads);
    }

    private static bool AllEnded(ConcurrentDictionary<Thread, bool> threads) => threads.Keys.All(thread => thread == Thread.CurrentThread || thread.Join(5000));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void After_a_break_out_of_the_loop_no_thread_is_left(int workers)
    {
        var (data, threads) = Watched(10_000);

        foreach (var _ in new DataLoader<Tensor>(data, batchSize: 2, workers: workers, prefetch: 50))
            break;

        Assert.NotEmpty(threads);
        Assert.All(threads.Keys, thread => Assert.False(thread.IsAlive));   // when Dispose returns, not some time later
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void After_an_error_in_a_worker_no_thread_is_left_and_nothing_more_is_read(int workers)
    {
        int read = 0;
        var (data, threads) = Watched(100_000, i =>
        {
            Interlocked.Increment(ref read);
            if (i == 5) throw new InvalidDataException("broken");
        });

        Assert.Throws<DataException>(() => new DataLoader<Tensor>(data, batchSize: 2, workers: workers).Count());

        Assert.All(threads.Keys, thread => Assert.False(thread.IsAlive));
        Assert.InRange(read, 6, 100);
    }

    [Fact]
    public void An_error_in_the_loops_own_code_ends_the_workers_too()
    {
        var (data, threads) = Watched(10_000);

        Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var _ in new DataLoader<Tensor>(data, batchSize: 2, workers: 3))
                throw new InvalidOperationException("mine");
        });

        Assert.All(threads.Keys, thread => Assert.False(thread.IsAlive));
    }

    [Fact]
    public void An_enumerator_that_nobody_disposed_is_ended_by_the_collector()
    {
        var (data, threads) = Watched(10_000);

        Forget(new DataLoader<Tensor>(data, batchSize: 2, workers: 2));
        for (int i = 0; i < 20 && threads.Keys.Any(thread => thread.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }

        Assert.All(threads.Keys, thread => Assert.False(thread.IsAlive));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget(DataLoader<Tensor> loader) => Assert.True(loader.GetEnumerator().MoveNext());
    }

    [Fact]
    public void Many_workers_that_hang_are_waited_for_together()
    {
        using var release = new ManualResetEventSlim();
        var (data, _) = Watched(1000, i =>
        {
            if (i > 0) release.Wait();
        });
        var batches = new DataLoader<Tensor>(data, batchSize: 1, workers: 8).GetEnumerator();
        Assert.True(batches.MoveNext());
        long began = Stopwatch.GetTimestamp();

        batches.Dispose();

        // two seconds for all of them; one after another they would be sixteen
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(8));
        release.Set();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_enumerator_disposed_twice_closes_its_source_once_and_gives_nothing_more(int workers)
    {
        int closed = 0;
        IEnumerable<float> Items()
        {
            try
            {
                for (int i = 0; i < 1000; i++)
                    yield return i;
            }
            finally
            {
                closed++;
            }
        }

        var batches = new DataLoader<Tensor>(new Once(Items, () => closed++), batchSize: 2, workers: workers).GetEnumerator();
        Assert.True(batches.MoveNext());

        batches.Dispose();
        int first = closed;
        batches.Dispose();

        Assert.True(first > 0);
        Assert.Equal(first, closed);
        Assert.False(batches.MoveNext());
    }

    /// <summary>A stream whose enumerators count how often they are disposed.</summary>
    private sealed class Once(Func<IEnumerable<float>> items, Action disposed) : IStreamDataset<float>
    {
        public IEnumerable<float> Read(int epoch) => new Counted(items().GetEnumerator(), disposed);

        private sealed class Counted(IEnumerator<float> inner, Action disposed) : IEnumerable<float>, IEnumerator<float>
        {
            public float Current => inner.Current;

            object System.Collections.IEnumerator.Current => inner.Current;

            public IEnumerator<float> GetEnumerator() => this;

            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => this;

            public bool MoveNext() => inner.MoveNext();

            public void Reset() => throw new NotSupportedException();

            public void Dispose()
            {
                disposed();
                inner.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Two_enumerations_at_once_are_two_epochs_and_do_not_disturb_each_other(int workers)
    {
        DataLoader<Tensor> Loader(int threads) => new(Dataset.From(20, i => (float)i), batchSize: 4, shuffle: true, seed: 5, workers: threads);
        static string Text(Tensor batch) => string.Join(",", batch.data<float>().ToArray());
        var alone = Loader(0);
        string[] first = [.. alone.Select(Text)], second = [.. alone.Select(Text)];
        var loader = Loader(workers);
        var (a, b) = (new List<string>(), new List<string>());

        using (var one = loader.GetEnumerator())
        using (var two = loader.GetEnumerator())
        {
            while (one.MoveNext() && two.MoveNext())
            {
                a.Add(Text(one.Current));
                b.Add(Text(two.Current));
            }
        }

        Assert.Equal(first, a);
        Assert.Equal(second, b);
        Assert.Equal(1L, loader.StateDict()["epoch"]);   // the position is that of the enumeration that began last
        Assert.Equal(5L, loader.StateDict()["position"]);
    }

    [Fact]
    public void A_hanging_fill_is_named_with_its_first_item()
    {
        using var release = new ManualResetEventSlim();
        var data = Dataset.From(10, [2], (int i, Span<float> x) =>
        {
            if (i == 4) release.Wait();
            x.Clear();
        }, i => (long)i);
        var loader = new DataLoader<(Tensor X, Tensor Y)>(data, batchSize: 2, workers: 1, timeout: TimeSpan.FromMilliseconds(200));

        var error = Assert.Throws<DataException>(() =>
        {
            using var batches = loader.GetEnumerator();
            try
            {
                while (batches.MoveNext())
                {
                }
            }
            finally
            {
                release.Set();
            }
        });

        Assert.Contains("Batch 2 was not ready after 0.2 s: worker 0 fills the batch that begins with item 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_wait_names_its_token_and_leaves_no_thread()
    {
        using var cancellation = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var (data, threads) = Watched(10, _ => release.Wait());
        var batches = new DataLoader<Tensor>(data, workers: 2, cancellation: cancellation.Token).GetEnumerator();
        var waiting = Task.Run(() => batches.MoveNext(), TestContext.Current.CancellationToken);

        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        release.Set();
        batches.Dispose();

        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.True(AllEnded(threads));
        Assert.False(batches.MoveNext());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void An_impossible_prefetch_is_refused_with_the_range(int prefetch)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader<Tensor>(Dataset.From(4, i => (float)i), workers: 2, prefetch: prefetch));

        Assert.Contains($"prefetch = {prefetch}: expected 1 to 65,536", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_prefetch_holds_no_more_than_the_epoch_has()
    {
        var loader = new DataLoader<Tensor>(Dataset.From(10, i => (float)i), batchSize: 2, workers: 4, prefetch: 65_536);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(5, loader.Count());

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);   // room for all that it says would be two megabytes
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_batch_size_far_over_the_data_is_one_batch_for_items_and_streams(int workers)
    {
        var items = new DataLoader<Tensor>(Dataset.From(10, i => (float)i), batchSize: int.MaxValue, workers: workers);
        var stream = new DataLoader<Tensor>(Dataset.Stream(_ => Enumerable.Range(0, 5000).Select(i => (float)i), count: 5000), batchSize: int.MaxValue, workers: workers);

        Assert.Equal((1, 1), (items.BatchCount, stream.BatchCount));
        Assert.Equal(10, items.Single().numel());
        Assert.Equal(5000, stream.Single().numel());
    }

    [Fact]
    public void A_tensor_that_a_data_set_keeps_must_be_detached_and_the_error_says_how()
    {
        var cache = new Tensor?[4];
        var kept = new DataLoader<Tensor>(Dataset.From(4, i => cache[i] ??= full(2, i)), batchSize: 2);
        var detached = new Tensor?[4];
        var right = new DataLoader<Tensor>(Dataset.From(4, i => detached[i] ??= full(2, i).DetachFromDisposeScope()), batchSize: 2);
        _ = kept.Count();

        var error = Assert.Throws<DataException>(() => kept.Count());

        Assert.Contains("item 0 is a tensor that was disposed", error.Message, StringComparison.Ordinal);
        Assert.Contains("DetachFromDisposeScope", error.Message, StringComparison.Ordinal);
        Assert.Equal(right.Count(), right.Count());
    }

    [Theory]
    [InlineData("position", -5L)]
    [InlineData("epoch", -1L)]
    [InlineData("position", long.MaxValue)]
    public void A_damaged_position_is_refused(string key, long value)
    {
        var loader = new DataLoader<Tensor>(Dataset.From(4, i => (float)i), seed: 0);
        var state = new Dictionary<string, object?>(loader.StateDict()) { [key] = value };

        var error = Assert.Throws<DataException>(() => loader.LoadStateDict(state));

        Assert.Contains($"'{key}' = {value}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_sampler_that_gives_nothing_is_named()
    {
        var empty = new DataLoader<Tensor>(Dataset.From(4, i => (float)i), batchSampler: new Gives([]));
        var missing = new DataLoader<Tensor>(Dataset.From(4, i => (float)i), batchSampler: new Gives(null!));

        Assert.Contains("Batch 0 of the batch sampler is empty", Assert.Throws<DataException>(() => empty.Count()).Message, StringComparison.Ordinal);
        Assert.Contains("Gives.Batch returned null for batch 0", Assert.Throws<DataException>(() => missing.Count()).Message, StringComparison.Ordinal);
    }

    private sealed class Gives(IReadOnlyList<int> indices) : IBatchSampler
    {
        public int BatchCount => 1;

        public IReadOnlyList<int> Batch(long seed, int epoch, int batch) => indices;
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void More_processes_than_items_repeat_items_or_leave_processes_without_any(bool pad, int last)
    {
        for (int rank = 0; rank < 8; rank++)
        {
            var part = new DataLoader<Tensor>(Dataset.From(3, i => (float)i), sampler: Sampler.Distributed(Sampler.Sequential(3), rank, 8, pad), workers: rank % 2);

            Assert.Equal(rank < 3 ? 1 : last, part.BatchCount);
            Assert.Equal(rank < 3 || pad ? [rank % 3] : [], part.Select(batch => (int)batch[0].ToSingle()));
        }

        Assert.Empty(new DataLoader<Tensor>(Dataset.From(0, i => (float)i), sampler: Sampler.Distributed(Sampler.Sequential(0), 3, 8, pad)));
    }

    public static TheoryData<string> Orders => ["shuffle", "weighted", "subset", "distributed", "batches", "stream"];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Every_order_goes_on_from_any_batch_with_the_same_bits_whatever_the_workers(string order)
    {
        DataLoader<Tensor> Loader(int workers, long seed = 4)
        {
            var data = Dataset.From(23, (index, random) => index + random.NextSingle());
            return order switch
            {
                "shuffle" => new(data, batchSize: 4, shuffle: true, seed: seed, workers: workers),
                "weighted" => new(data, batchSize: 4, sampler: Sampler.Weighted([.. Enumerable.Range(0, 23).Select(i => (double)i)]), seed: seed, workers: workers),
                "subset" => new(data, batchSize: 4, sampler: Sampler.Subset([.. Enumerable.Range(5, 15)], shuffle: true), seed: seed, workers: workers),
                "distributed" => new(data, batchSize: 4, sampler: Sampler.Distributed(Sampler.Random(23), 1, 2), seed: seed, workers: workers),
                "batches" => new(data, batchSampler: new Growing(), seed: seed, workers: workers),
                _ => new(Dataset.Stream(epoch => Enumerable.Range(100 * epoch, 23).Select(i => (float)i)), batchSize: 4, workers: workers),
            };
        }

        static string[] Bits(IEnumerable<Tensor> batches) => [.. batches.Select(batch => Convert.ToHexString(batch.bytes))];
        var whole = Loader(0);
        whole.SetEpoch(2);
        string[] expected = Bits(whole);
        Assert.True(expected.Length >= 3);
        for (int at = 0; at <= expected.Length; at++)
        {
            var first = Loader(workers: 2);
            first.SetEpoch(2);
            string[] before = Bits(first.Take(at));
            var second = Loader(workers: at % 3, seed: 77);
            second.LoadStateDict(first.StateDict());
            second.SetEpoch(2);

            Assert.Equal(expected, (string[])[.. before, .. Bits(second)]);
        }
    }

    private sealed class Growing : IBatchSampler
    {
        public int BatchCount => 5;

        public IReadOnlyList<int> Batch(long seed, int epoch, int batch) => [.. Enumerable.Range(0, batch + 1).Select(i => (int)((seed + (7 * epoch) + (5 * batch) + i) % 23))];
    }
}
