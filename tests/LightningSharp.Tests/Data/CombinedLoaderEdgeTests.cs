using System.Collections.Concurrent;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

/// <summary>Empty loaders, early ends and other entry points in each of the four modes.</summary>
public sealed class CombinedLoaderEdgeTests : IDisposable
{
    private static readonly int[] Three = [1, 2, 3];
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(CombinedMode.MinSize, 0)]
    [InlineData(CombinedMode.MaxSize, 3)]
    [InlineData(CombinedMode.Sequential, 3)]
    public void An_empty_loader_ends_is_left_out_or_passed_over(CombinedMode mode, int batches)
    {
        var second = CombinedLoader.Zip(Three, Array.Empty<string>(), mode);
        var first = CombinedLoader.Zip(Array.Empty<string>(), Three, mode);

        Assert.Equal((batches, batches), (second.BatchCount, first.BatchCount));
        Assert.Equal(Three.Take(batches), second.Select(batch => batch.First));
        Assert.Equal(Three.Take(batches), first.Select(batch => batch.Second));
        Assert.All(second, batch => Assert.Null(batch.Second));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_empty_loader_that_would_have_to_be_repeated_is_named(int which)
    {
        var error = Assert.Throws<DataException>(() => (which == 0 ? CombinedLoader.List<int>([[], Three], CombinedMode.MaxSizeCycle) : CombinedLoader.List<int>([Three, []], CombinedMode.MaxSizeCycle)).Count());

        Assert.Contains($"Loader {which}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CombinedMode.MinSize)]
    [InlineData(CombinedMode.MaxSizeCycle)]
    [InlineData(CombinedMode.MaxSize)]
    [InlineData(CombinedMode.Sequential)]
    public void Loaders_that_are_all_empty_give_nothing(CombinedMode mode)
    {
        var loader = CombinedLoader.List<int>([[], []], mode);

        Assert.Equal(0, loader.BatchCount);
        Assert.Empty(loader);
    }

    [Fact]
    public void A_cycle_of_equally_long_loaders_starts_none_of_them_again()
    {
        int started = 0;
        IEnumerable<int> Counted()
        {
            started++;
            yield return 1;
            yield return 2;
        }

        Assert.Equal(2, CombinedLoader.Zip(Counted(), Counted(), CombinedMode.MaxSizeCycle).Count());
        Assert.Equal(2, started);
    }

    [Fact]
    public void A_second_enumeration_ends_the_first_with_an_error_and_is_whole_itself()
    {
        var loader = CombinedLoader.List<int>([Three, Three]);
        using var first = loader.GetEnumerator();
        first.MoveNext();
        using var second = loader.GetEnumerator();
        second.MoveNext();

        var error = Assert.Throws<InvalidOperationException>(() => first.MoveNext());
        first.Dispose();

        Assert.Contains("Another enumeration", error.Message, StringComparison.Ordinal);
        Assert.True(second.MoveNext());
        Assert.Equal([2, 2], second.Current);
    }

    [Theory]
    [InlineData(CombinedMode.MinSize)]
    [InlineData(CombinedMode.MaxSizeCycle)]
    [InlineData(CombinedMode.MaxSize)]
    [InlineData(CombinedMode.Sequential)]
    public void Leaving_early_or_an_error_in_one_of_them_ends_the_workers_of_all(CombinedMode mode)
    {
        var threads = new ConcurrentDictionary<Thread, bool>();
        DataLoader<Tensor> Loader(int failAt) => new(Dataset.From(100, i =>
        {
            threads[Thread.CurrentThread] = true;
            return i == failAt ? throw new InvalidDataException("broken") : (float)i;
        }), workers: 2);

        _ = CombinedLoader.List<Tensor>([Loader(-1), Loader(-1)], mode).First();
        Assert.Throws<DataException>(() => CombinedLoader.List<Tensor>([Loader(-1), Loader(3)], mode).Count());

        Assert.NotEmpty(threads);
        Assert.All(threads.Keys, thread => Assert.False(thread.IsAlive));
    }

    [Fact]
    public void A_loader_that_cannot_be_closed_does_not_keep_the_others_open()
    {
        bool closed = false;
        IEnumerable<int> Bad()
        {
            try
            {
                yield return 1;
            }
            finally
            {
                Fail();
            }
        }

        IEnumerable<int> Good()
        {
            try
            {
                yield return 1;
            }
            finally
            {
                closed = true;
            }
        }

        Assert.Throws<InvalidOperationException>(() => CombinedLoader.Zip(Bad(), Good()).First());

        Assert.True(closed);

        static void Fail() => throw new InvalidOperationException("closing");
    }

    [Theory]
    [InlineData(CombinedMode.MinSize)]
    [InlineData(CombinedMode.MaxSizeCycle)]
    [InlineData(CombinedMode.MaxSize)]
    [InlineData(CombinedMode.Sequential)]
    public void Each_mode_goes_on_from_any_batch_with_the_same_bits_with_workers_shuffling_and_a_stream(CombinedMode mode)
    {
        CombinedLoader<(Tensor? A, Tensor? B, Tensor? C)> Loader(int workers) => CombinedLoader.Zip(
            new DataLoader<Tensor>(Dataset.From(9, (i, random) => i + random.NextSingle()), batchSize: 2, shuffle: true, seed: 5, workers: workers),
            new DataLoader<Tensor>(Dataset.From(5, (i, random) => i + random.NextSingle()), batchSize: 2, shuffle: true, seed: 6, workers: workers),
            new DataLoader<Tensor>(Dataset.Stream(epoch => Enumerable.Range(50 * epoch, 7).Select(i => (float)i)), batchSize: 2, workers: workers),
            mode);
        static string Bits(Tensor? tensor) => tensor is null ? "-" : Convert.ToHexString(tensor.bytes);
        static string[] Show(IEnumerable<(Tensor? A, Tensor? B, Tensor? C)> batches) => [.. batches.Select(batch => $"{Bits(batch.A)} {Bits(batch.B)} {Bits(batch.C)}")];
        var whole = Loader(0);
        whole.SetEpoch(3);
        string[] expected = Show(whole);
        for (int at = 1; at <= expected.Length; at++)
        {
            var first = Loader(2);
            first.SetEpoch(3);
            string[] before = Show(first.Take(at));
            var second = Loader(at % 3);
            second.LoadStateDict(first.StateDict());
            second.SetEpoch(3);

            Assert.Equal(expected, (string[])[.. before, .. Show(second)]);
        }
    }

    [Fact]
    public void Loaders_one_after_another_are_refused_for_training_and_other_modes_for_prediction()
    {
        var trainer = new Trainer(Quiet.Options);
        var batches = ToyData.Batches(8, 4);

        var group = Assert.Throws<MisconfigurationException>(() => trainer.Fit(new TinyModel(), new LoaderGroup<(Tensor X, Tensor Y)> { batches, batches }));
        var sequence = Assert.Throws<MisconfigurationException>(() => trainer.Fit(new Pairs(), CombinedLoader.List([batches, batches], CombinedMode.Sequential)));
        var predicted = Assert.Throws<MisconfigurationException>(() => trainer.Predict(new Pairs(), CombinedLoader.List([batches, batches])));

        Assert.Contains("LoaderGroup of 2 loaders", group.Message, StringComparison.Ordinal);
        Assert.Contains("mode Sequential", sequence.Message, StringComparison.Ordinal);
        Assert.Contains("mode MinSize", predicted.Message, StringComparison.Ordinal);
        Assert.Equal(2, trainer.Fit(new Pairs(), CombinedLoader.List([batches, batches])).Progress.GlobalStep);
        Assert.Equal(4, trainer.Predict(new Pairs(), CombinedLoader.List([batches, batches], CombinedMode.Sequential)).Count);
    }

    private sealed class Pairs : LightningModule<(Tensor X, Tensor Y)[]>
    {
        private readonly TorchSharp.Modules.Linear layer = nn.Linear(4, 2);

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor? TrainingStep((Tensor X, Tensor Y)[] batch, int batchIndex) => call(batch[0].X).sum();

        public override Tensor PredictStep((Tensor X, Tensor Y)[] batch, int batchIndex, int dataLoaderIndex) => call(batch.First(part => part.X is not null).X);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }
}
