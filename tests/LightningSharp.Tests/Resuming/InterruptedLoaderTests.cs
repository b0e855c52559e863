using System.Collections;
using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Resuming;

/// <summary>Runs that end between two batches or inside of one, over loaders that keep their own position: no batch is lost and none trained twice.</summary>
public class InterruptedLoaderTests
{
    public static TheoryData<string, int> Places
    {
        get
        {
            var places = new TheoryData<string, int>();
            foreach (string kind in (string[])["loader", "combined", "unknown length"])
            {
                for (int batch = 0; batch < 4; batch++) places.Add(kind, batch);
            }

            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_run_cancelled_after_a_batch_goes_on_with_the_next_one(string kind, int batch)
    {
        using var whole = new ExactRun(() => new(Sgd), () => Source(kind));
        var (weights, rows) = whole.Fit(null);
        using var cancellation = new CancellationTokenSource();
        using var part = new ExactRun(() => new(Sgd), () => Source(kind));

        part.Fit(null, out var stopped, extra: new At(1, batch, cancellation.Cancel), cancellation: cancellation.Token);
        var (again, rowsAgain) = part.Fit(Resume.Auto);

        Assert.Equal(StopReason.Canceled, stopped.StopReason);
        Assert.Equal(weights, again);
        Assert.Equal(rows, rowsAgain);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_run_whose_step_failed_goes_on_with_that_batch(string kind, int batch)
    {
        using var whole = new ExactRun(() => new(Sgd), () => Source(kind));
        var (weights, rows) = whole.Fit(null);
        bool isFailing = true;
        using var part = new ExactRun(
            () => new(Sgd, step: (model, index) =>
            {
                if (isFailing && model.CurrentEpoch == 1 && index == batch) throw new InvalidOperationException("broken step");
            }),
            () => Source(kind))
        {
            Callbacks = () => [new ModelCheckpoint { SaveOnException = true }],
        };

        Assert.Throws<InvalidOperationException>(() => part.Fit(null));
        isFailing = false;
        var (again, rowsAgain) = part.Fit(Resume.Auto);

        Assert.Equal(weights, again);
        Assert.Equal(rows, rowsAgain);
    }

    [Theory]
    [InlineData("loader")]
    [InlineData("combined")]
    [InlineData("unknown length")]
    public void A_checkpoint_from_the_start_of_a_batch_goes_on_with_that_batch(string kind)
    {
        using var run = new ExactRun(() => new(Sgd), () => Source(kind));
        var (weights, rows) = run.Fit(null, new SaveAtStart());
        var files = Directory.GetFiles(run.Folder, "start-*.ckpt", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(8, files.Count);
        foreach (string file in files)
        {
            var (again, rowsAgain) = run.Fit(file);
            Assert.True(weights == again, $"other weights after a resume from {Path.GetFileName(file)}");
            Assert.Equal(rows, rowsAgain);
        }
    }

    private sealed class SaveAtStart : Callback
    {
        public override void OnTrainBatchStart(BatchContext context)
            => context.Trainer.SaveCheckpoint(Path.Combine(context.Trainer.RunDirectory!, $"start-{context.Trainer.Progress.BatchesSeen}.ckpt")); // there is a logger
    }

    private static OptimizerSetup Sgd(ResumeModel model) => optim.SGD(model.parameters().ToArray(), 0.05, momentum: 0.9);

    private static float[] Row(int index) => [.. Enumerable.Range(0, 4).Select(j => (((7 * index) + (3 * j)) % 11) / 11f)];

    private static DataLoader<(Tensor X, Tensor Y)> Part(long seed, int items) => new(Dataset.From(items, index => (Row(index), Row(index + 9)[..2])), batchSize: 2, shuffle: true, seed: seed);

    private static IEnumerable<(Tensor X, Tensor Y)> Source(string kind) => kind switch
    {
        "loader" => Part(1, 8),
        "combined" => CombinedLoader.Zip(Part(1, 8), Part(2, 5), CombinedMode.MaxSizeCycle).As(pair => (cat([pair.First.X, pair.Second.X]), cat([pair.First.Y, pair.Second.Y]))),
        _ => new Wandering(),
    };

    private sealed class At(int epoch, int batch, Action action) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.CurrentEpoch == epoch && context.BatchIndex == batch) action();
        }
    }

    /// <summary>Never tells its length (four); what it gives depends on a number that moves on with each batch.</summary>
    private sealed class Wandering : IEnumerable<(Tensor X, Tensor Y)>, IStateful
    {
        private long _place;
        private long _given;

        public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator()
        {
            for (; _given < 4; )
            {
                var batch = ToyData.Batches(4, 4, (int)_place)[0];
                (_place, _given) = (((_place * 5) + 3) % 64, _given + 1);
                yield return batch;
            }

            _given = 0;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["place"] = _place, ["given"] = _given };

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => (_place, _given) = ((long)state["place"]!, (long)state["given"]!); // its own keys
    }
}
