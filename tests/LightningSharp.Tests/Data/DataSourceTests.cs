using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Diagnostics;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

#pragma warning disable xUnit1051 // the loader gives the sequences its own token

namespace LightningSharp.Tests.Data;

/// <summary>Everything that can be data, in every entry point: whole, failing in the middle, cancelled.</summary>
public sealed class DataSourceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Kinds => ["array", "list", "linq", "iterator", "async", "async, tensors of others", "channel", "torchsharp", "torchsharp that disposes", "loader", "loader with workers", "stream", "converted"];

    /// <summary>Those that make their batches during the run, and so can fail in it.</summary>
    public static TheoryData<string> Makers => [.. Kinds.Where(kind => kind.Data is not ("array" or "list"))];

    private static (float[] X, float[] Y) Item(int i) => ([i, i + 1, i + 2, i + 3], [i, -i]);

    private static (Tensor X, Tensor Y) Batch(int i) => (tensor((float[])[.. Enumerable.Range(2 * i, 2).SelectMany(k => Item(k).X)], [2, 4]), tensor((float[])[.. Enumerable.Range(2 * i, 2).SelectMany(k => Item(k).Y)], [2, 2]));

    /// <summary>Six batches of two rows each; <paramref name="failAt"/>: the batch that cannot be made.</summary>
    private static IEnumerable<(Tensor X, Tensor Y)> Source(string kind, int failAt = -1)
    {
        (Tensor X, Tensor Y) Make(int i) => i == failAt ? throw new InvalidDataException("cut off") : Batch(i);
        (float[] X, float[] Y) Row(int i) => i / 2 == failAt ? throw new InvalidDataException("cut off") : Item(i);
        IEnumerable<(Tensor X, Tensor Y)> Iterate()
        {
            for (int i = 0; i < 6; i++)
                yield return Make(i);
        }

        var rows = Dataset.From(12, Row);
        return kind switch
        {
            "array" => Enumerable.Range(0, 6).Select(Batch).ToArray(),
            "list" => [.. Enumerable.Range(0, 6).Select(Batch)],
            "linq" => from i in Enumerable.Range(0, 6) select Make(i),
            "iterator" => Iterate(),
            "async" => Async(Make).ToLoader(capacity: 2),
            "async, tensors of others" => Async(Make, elsewhere: true).ToLoader(),
            "channel" => Filled(Make).ToLoader(),
            "torchsharp" => new TorchSharp.Modules.DataLoader(new Rows(Row), 2, shuffle: false, disposeBatch: false).As(row => (row["x"], row["y"])),
            "torchsharp that disposes" => new TorchSharp.Modules.DataLoader(new Rows(Row), 2, shuffle: false).As(row => (row["x"], row["y"])),
            "loader" => new DataLoader<(Tensor X, Tensor Y)>(rows, batchSize: 2),
            "loader with workers" => new DataLoader<(Tensor X, Tensor Y)>(rows, batchSize: 2, workers: 2),
            "stream" => new DataLoader<(Tensor X, Tensor Y)>(Dataset.Stream(_ => Enumerable.Range(0, 12).Select(Row)), batchSize: 2, workers: 1),
            _ => new DataLoader<(Tensor X, Tensor Y)>(rows, batchSize: 2).As(batch => (batch.X, batch.Y)),
        };
    }

    private static async IAsyncEnumerable<(Tensor X, Tensor Y)> Async(Func<int, (Tensor X, Tensor Y)> make, bool elsewhere = false, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int i = 0; i < 6; i++)
        {
            if (elsewhere)
                await Task.Delay(1, cancellation).ConfigureAwait(false);
            else
                await Task.Delay(1, cancellation);
            yield return make(i);
        }
    }

    private static ChannelReader<(Tensor X, Tensor Y)> Filled(Func<int, (Tensor X, Tensor Y)> make)
    {
        var channel = Channel.CreateUnbounded<(Tensor X, Tensor Y)>();
        try
        {
            for (int i = 0; i < 6; i++)
            {
                var (x, y) = make(i);
                channel.Writer.TryWrite((x, y));
            }

            channel.Writer.Complete();
        }
        catch (InvalidDataException failure)
        {
            channel.Writer.Complete(failure);
        }

        return channel.Reader;
    }

    private sealed class Rows(Func<int, (float[] X, float[] Y)> row) : utils.data.Dataset
    {
        public override long Count => 12;

        public override Dictionary<string, Tensor> GetTensor(long index)
        {
            var (x, y) = row((int)index);
            return new() { ["x"] = tensor(x), ["y"] = tensor(y) };
        }
    }

    /// <summary>Remembers what came, and where.</summary>
    private sealed class Recorder(Action<int>? at = null) : TinyModel
    {
        public List<float> Seen { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Note(batch, batchIndex);
            return Loss(batch) * 0;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Note(batch, batchIndex);

        public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex) => Note(batch, batchIndex);

        public override Tensor PredictStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Note(batch, batchIndex);
            return batch.X.clone();
        }

        private void Note((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Assert.Equal((2L, 4L, 2L), (batch.X.size(0), batch.X.size(1), batch.Y.size(1)));
            Assert.Equal(-batch.X[1, 0].ToSingle(), batch.Y[1, 1].ToSingle());
            Seen.Add(batch.X[0, 0].ToSingle());
            at?.Invoke(batchIndex);
        }
    }

    private static void Run(string entry, Recorder model, IEnumerable<(Tensor X, Tensor Y)> data, CancellationToken cancellation = default)
    {
        var trainer = new Trainer(Quiet.Options with { NumSanityValSteps = 0 });
        switch (entry)
        {
            case "fit": trainer.Fit(model, data, cancellation: cancellation); break;
            case "validate": trainer.Validate(model, data, cancellation: cancellation); break;
            case "test": trainer.Test(model, data, cancellation: cancellation); break;
            default: Assert.All(trainer.Predict(model, data, cancellation: cancellation), output => Assert.Equal([2L, 4], output.shape)); break;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_data_gives_every_entry_point_all_batches_in_order(string kind)
    {
        foreach (string entry in (string[])["fit", "validate", "test", "predict"])
        {
            var model = new Recorder();

            Run(entry, model, Source(kind));

            Assert.Equal([0, 2, 4, 6, 8, 10], model.Seen);
        }
    }

    [Theory]
    [MemberData(nameof(Makers))]
    public void An_error_in_the_middle_arrives_with_its_cause_after_the_batches_before_it(string kind)
    {
        foreach (string entry in (string[])["fit", "validate", "test", "predict"])
        {
            var model = new Recorder();
            var data = Source(kind, failAt: 3);

            var error = Record.Exception(() => Run(entry, model, data));

            Assert.NotNull(error);
            Assert.Contains("cut off", error.ToString(), StringComparison.Ordinal);
            // a source of unknown length is asked for one batch more, to know the last one
            Assert.True(model.Seen is [0, 2, 4] or [0, 2], $"{entry}: {string.Join(",", model.Seen)}");
            Run(entry, model, Source("array"));   // nothing is left behind that hinders the next run
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cancelled_in_the_middle_training_ends_in_order_and_evaluations_throw(string kind)
    {
        foreach (string entry in (string[])["fit", "validate", "test", "predict"])
        {
            using var cancellation = new CancellationTokenSource();
            var model = new Recorder(batch =>
            {
                if (batch == 2) cancellation.Cancel();
            });
            var data = Source(kind);

            var error = Record.Exception(() => Run(entry, model, data, cancellation.Token));

            Assert.Equal([0, 2, 4], model.Seen);
            Assert.True(entry == "fit" ? error is null : error is OperationCanceledException, $"{entry}: {error}");
        }
    }

    public static TheoryData<string> Waiting => ["workers", "stream", "async", "channel", "converted", "combined"];

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task A_run_that_waits_for_data_which_never_comes_ends_when_it_is_cancelled(string kind)
    {
        foreach (string entry in (string[])["fit", "test"])
        {
            using var cancellation = new CancellationTokenSource();
            using var never = new ManualResetEventSlim();
            var reached = new TaskCompletionSource();
            var threads = new ConcurrentDictionary<Thread, bool>();
            (float[] X, float[] Y) Row(int i)
            {
                threads[Thread.CurrentThread] = true;
                if (i >= 6)
                {
                    reached.TrySetResult();
                    never.Wait();
                }

                return Item(i);
            }

            async IAsyncEnumerable<(Tensor X, Tensor Y)> Hanging([EnumeratorCancellation] CancellationToken stop = default)
            {
                for (int i = 0; i < 3; i++)
                    yield return Batch(i);
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }

            var channel = Channel.CreateUnbounded<(Tensor X, Tensor Y)>();
            for (int i = 0; i < 3; i++)
                await channel.Writer.WriteAsync(Batch(i), TestContext.Current.CancellationToken);
            if (kind == "channel")
                reached.SetResult();
            var loader = new DataLoader<(Tensor X, Tensor Y)>(Dataset.From(12, Row), batchSize: 2, workers: 1, prefetch: 1);
            IEnumerable<(Tensor X, Tensor Y)> data = kind switch
            {
                "workers" => loader,
                "stream" => new DataLoader<(Tensor X, Tensor Y)>(Dataset.Stream(_ => Enumerable.Range(0, 12).Select(Row)), batchSize: 2, workers: 1),
                "async" => Hanging().ToLoader(),
                "channel" => channel.Reader.ToLoader(),
                "converted" => loader.As(batch => (batch.X, batch.Y)),
                _ => CombinedLoader.List<(Tensor X, Tensor Y)>([loader]).As(batches => batches[0]),
            };
            var model = new Recorder();

            var run = Task.Run(() => Record.Exception(() => Run(entry, model, data, cancellation.Token)), TestContext.Current.CancellationToken);
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await Task.Delay(100, TestContext.Current.CancellationToken);
            Assert.False(run.IsCompleted);
            await cancellation.CancelAsync();
            bool ended = await Task.WhenAny(run, Task.Delay(15_000, TestContext.Current.CancellationToken)) == run;
            never.Set();

            Assert.True(ended, $"{entry} waits on");
            var error = await run;
            Assert.True(entry == "fit" ? error is null : error is OperationCanceledException, $"{entry}: {error}");
            Assert.All(threads.Keys, thread => Assert.True(thread.Join(5000)));
        }
    }

    [Fact]
    public async Task A_signal_ends_a_wait_for_data_with_everything_saved()
    {
        using var never = new ManualResetEventSlim();
        var reached = new TaskCompletionSource();
        var loader = new DataLoader<(Tensor X, Tensor Y)>(
            Dataset.From(12, i =>
            {
                if (i < 6) return Item(i);
                reached.TrySetResult();
                never.Wait();
                return Item(i);
            }), batchSize: 2, workers: 1, prefetch: 1);
        var model = new Recorder();
        FitResult? result = null;

        var run = Task.Run(() => result = new Trainer(Quiet.Options).Fit(model, loader), TestContext.Current.CancellationToken);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        RunSignals.Receive(RunSignal.Interrupt);
        bool ended = await Task.WhenAny(run, Task.Delay(15_000, TestContext.Current.CancellationToken)) == run;
        never.Set();

        Assert.True(ended);
        await run;
        Assert.Equal((StopReason.Canceled, 3L, ExitCodes.Interrupted), (result!.StopReason, result.Progress.BatchesSeen, result.ExitCode));
    }

    [Fact]
    public void Tensors_that_an_asynchronous_sequence_makes_are_freed_with_their_batch_and_ones_that_it_has_stay()
    {
        var cached = Batch(0);
        async IAsyncEnumerable<(Tensor X, Tensor Y)> Mixed(int count, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Delay(i % 20 == 0 ? 1 : 0, cancellation);
                yield return i % 2 == 0 ? Batch(i) : cached;
            }
        }

        var model = new Counting();
        new Trainer(Quiet.Options).Fit(model, Mixed(200).ToLoader(capacity: 2));

        // at most those that are under way: two waiting, one in hand, the current one, and one ahead, of two tensors each
        Assert.InRange(model.Most - model.Least, 0, 16);
        Assert.False(cached.X.IsInvalid || cached.Y.IsInvalid);
    }

    private sealed class Counting : TinyModel
    {
        public long Least { get; private set; } = long.MaxValue;

        public long Most { get; private set; }

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (batchIndex >= 20)
                (Least, Most) = (Math.Min(Least, Tensor.TotalCount), Math.Max(Most, Tensor.TotalCount));
            return Loss(batch);
        }
    }

    [Fact]
    public void TorchSharps_own_loader_of_dictionaries_trains_as_it_is()
    {
        using var torchLoader = new TorchSharp.Modules.DataLoader(new Rows(Item), 2, shuffle: false);
        var model = new Dictionaries();

        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(model, torchLoader);

        Assert.Equal([0, 2, 4, 6, 8, 10, 0, 2, 4, 6, 8, 10], model.Seen);
    }

    private sealed class Dictionaries : LightningModule<Dictionary<string, Tensor>>
    {
        private readonly TorchSharp.Modules.Linear layer = nn.Linear(4, 2);

        public List<float> Seen { get; } = [];

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor? TrainingStep(Dictionary<string, Tensor> batch, int batchIndex)
        {
            Seen.Add(batch["x"][0, 0].ToSingle());
            return nn.functional.mse_loss(call(batch["x"]), batch["y"]);
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 1e-4);
    }

    [Fact]
    public void Predictions_of_a_converted_loader_still_know_their_items()
    {
        var loader = new DataLoader<(Tensor X, Tensor Y)>(Dataset.From(6, Item), batchSize: 2, shuffle: true, seed: 3);
        var indices = new Indices();

        new Trainer(Quiet.Options with { Callbacks = [indices] }).Predict(new TinyModel(), loader.As(batch => (batch.X, batch.Y)));

        Assert.Equal(Enumerable.Range(0, 3).SelectMany(loader.BatchIndices), indices.Seen);
    }

    private sealed class Indices : Callback
    {
        public List<int> Seen { get; } = [];

        public override void OnPredictBatchEnd(PredictBatchEndContext context) => Seen.AddRange(context.Batch.Indices ?? []);
    }

    [Fact]
    public void Overfitting_fixes_the_order_of_a_converted_loader_too()
    {
        var loader = new DataLoader<(Tensor X, Tensor Y)>(Dataset.From(12, Item), batchSize: 2, shuffle: true, seed: 3);
        var rows = new Firsts();

        new Trainer(Quiet.Options with { MaxEpochs = 3, OverfitBatches = Limit.Batches(2) }).Fit(rows, loader.As(batch => (batch.X, batch.Y)));

        Assert.Equal([0, 2, 0, 2, 0, 2], rows.Seen);
    }

    private sealed class Firsts : TinyModel
    {
        public List<float> Seen { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Seen.Add(batch.X[0, 0].ToSingle());
            return Loss(batch) * 0;
        }
    }
}
