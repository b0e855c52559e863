using System.Collections;
using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Data.Transforms;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Resuming;

/// <summary>Every kind of state that a run has, interrupted after every batch: same bits, same rows.</summary>
public class ExactResumeTests
{
    [Fact]
    public void Workers_random_items_dropout_accumulation_and_schedulers()
    {
        using var run = new ExactRun(() => new(AdamWithTwoSchedulers), Loader)
        {
            Options = options => options with { AccumulateGradBatches = 2, GradientClipVal = 0.5, ValCheckInterval = Every.Batches(2) },
        };

        Assert.Equal(10, run.CompareEveryBatch());
    }

    [Fact]
    public void Several_optimizers_together()
    {
        using var run = new ExactRun(() => new(Two), Loader);

        run.CompareEveryBatch();
    }

    [Fact]
    public void Optimizers_that_take_turns()
    {
        using var run = new ExactRun(() => new(model => OptimizerSetup.Alternate(Momentum(model.First), Momentum(model.Second))), Loader);

        run.CompareEveryBatch();
    }

    [Fact]
    public void Manual_optimization_over_several_batches()
    {
        using var run = new ExactRun(() => new(Two, manual: true), Loader);

        // gradients that the module keeps by hand between batches are its own affair: the windows of two batches are whole at every second one
        var (weights, rows) = run.Fit(null, new SaveAt(2, 4, 5));
        foreach (var file in Directory.GetFiles(run.Folder, "at-*.ckpt", SearchOption.AllDirectories))
        {
            var (again, rowsAgain) = run.Fit(file);
            Assert.Equal(weights, again);
            Assert.Equal(rows, rowsAgain);
        }
    }

    [Fact]
    public void A_loader_that_combines_others()
    {
        using var run = new ExactRun(() => new(Two), () => new Halves(CombinedLoader.Zip(Part(1, 8), Part(2, 5), CombinedMode.MaxSizeCycle)));

        run.CompareEveryBatch();
    }

    [Fact]
    public void A_loader_of_unknown_length_with_a_state_of_its_own()
    {
        using var run = new ExactRun(() => new(Two), () => new Wandering());

        run.CompareEveryBatch();
    }

    [Fact]
    public void Windows_that_a_callback_changes_and_early_stopping()
    {
        using var run = new ExactRun(() => new(Two), Loader)
        {
            Callbacks = () => [new GradientAccumulationScheduler(new Dictionary<int, int> { [0] = 3, [1] = 2 }), new EarlyStopping("val_loss") { Patience = 5 }],
        };

        run.CompareEveryBatch();
    }

    [Fact]
    public void Sample_based_validation()
    {
        using var run = new ExactRun(() => new(Two), Loader) { Options = options => options with { ValCheckInterval = Every.Samples(7) } };

        run.CompareEveryBatch();
    }

    [Fact]
    public void A_limit_of_steps_that_is_reached_in_the_last_checkpoint_still_ends_the_epoch()
    {
        using var run = new ExactRun(() => new(Two), Loader) { Options = options => options with { MaxSteps = 14 } };

        run.CompareEveryBatch();
    }

    [Fact]
    public void A_spent_MaxTime_in_mid_epoch_loses_nothing()
    {
        using var run = new ExactRun(() => new(AdamWithTwoSchedulers), Loader);
        var (weights, rows) = run.Fit(null);
        using var part = new ExactRun(() => new(AdamWithTwoSchedulers), Loader);

        part.Fit(null, out var stopped, change: options => options with { MaxTime = TimeSpan.FromTicks(1) });
        var (again, rowsAgain) = part.Fit(Resume.Auto, out var finished);

        Assert.Equal(StopReason.MaxTime, stopped.StopReason);
        Assert.Equal(1, stopped.Progress.BatchesSeen);
        Assert.Equal(10, finished.Progress.BatchesSeen);
        Assert.Equal(stopped.RunDirectory, finished.RunDirectory);
        Assert.Equal(weights, again);
        Assert.Equal(rows, rowsAgain);
    }

    [Fact]
    public void A_step_that_throws_is_repeated_with_the_same_random_numbers()
    {
        using var run = new ExactRun(() => new(AdamWithTwoSchedulers), Loader);
        var (weights, rows) = run.Fit(null);
        var failing = true;
        using var part = new ExactRun(() => new(AdamWithTwoSchedulers, step: (model, batch) => { if (failing && model.CurrentEpoch == 1 && batch == 2) throw new InvalidOperationException("broken step"); }), Loader)
        {
            Callbacks = () => [new ModelCheckpoint { SaveOnException = true }],
        };

        Assert.Throws<InvalidOperationException>(() => part.Fit(null));
        failing = false;
        var (again, rowsAgain) = part.Fit(Resume.Auto);

        Assert.Equal(weights, again);
        Assert.Equal(rows, rowsAgain);
    }

    [Fact]
    public void A_validation_that_is_cancelled_is_done_again()
    {
        using var run = new ExactRun(() => new(AdamWithTwoSchedulers), Loader);
        var (weights, rows) = run.Fit(null);
        using var cancel = new CancellationTokenSource();
        using var part = new ExactRun(() => new(AdamWithTwoSchedulers, step: (model, batch) => { if (batch == -1 && model.Trainer.Progress.BatchesSeen > 0) cancel.Cancel(); }), Loader);

        part.Fit(null, out var stopped, cancellation: cancel.Token);
        var (again, rowsAgain) = part.Fit(Resume.Auto);

        Assert.Equal(StopReason.Canceled, stopped.StopReason);
        Assert.Equal(weights, again);
        Assert.Equal(rows, rowsAgain);
    }

    private static OptimizerSetup AdamWithTwoSchedulers(ResumeModel model)
    {
        var adam = optim.AdamW(model.parameters().ToArray(), 0.01, weight_decay: 0.01);
        return new OptimizerEntry(
            adam,
            new SchedulerSetup(new StepLR(adam, 2, 0.7)) { Interval = SchedulerInterval.Step },
            new SchedulerSetup(new ReduceLROnPlateau(adam, factor: 0.5, patience: 0)) { Monitor = "val_loss" });
    }

    private static OptimizerSetup Two(ResumeModel model) => new[] { Momentum(model.First), optim.Adam(model.Second, 0.02) };

    private static optim.Optimizer Momentum(TorchSharp.Modules.Parameter[] parameters) => optim.SGD(parameters, 0.05, momentum: 0.9);

    private static DataLoader<(Tensor X, Tensor Y)> Loader()
    {
        var items = Dataset.From(18, (index, random) => (Row(index).Select(value => value + (float)(random.NextDouble() * 0.1)).ToArray(), Row(index + 50)[..2]));
        return new(items.Collate(rows => (Stack(rows.Select(row => row.Item1), 4), Stack(rows.Select(row => row.Item2), 2))), batchSize: 4, shuffle: true, workers: 2);
    }

    private static float[] Row(int index) => [.. Enumerable.Range(0, 4).Select(j => (((7 * index) + (3 * j)) % 11) / 11f)];

    private static Tensor Stack(IEnumerable<float[]> rows, int width)
    {
        using var all = tensor(rows.SelectMany(row => row).ToArray());
        return all.view(-1, width).clone();
    }

    private static DataLoader<(Tensor X, Tensor Y)> Part(long seed, int items)
        => new(Dataset.From(items, index => (Row(index), Row(index + 9)[..2])).Collate(rows => (Stack(rows.Select(row => row.Item1), 4), Stack(rows.Select(row => row.Item2), 2))), batchSize: 2, shuffle: true, seed: seed);

    /// <summary>Two batches as one, from a loader that is no list and no loader of ours.</summary>
    private sealed class Halves(CombinedLoader<((Tensor X, Tensor Y) First, (Tensor X, Tensor Y) Second)> pairs) : IEnumerable<(Tensor X, Tensor Y)>, ILoader, IStateful
    {
        public int? BatchCount => pairs.BatchCount;

        public void SetEpoch(int epoch) => pairs.SetEpoch(epoch);

        public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator()
        {
            foreach (var (first, second) in pairs) yield return (cat([first.X, second.X]), cat([first.Y, second.Y]));
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public IReadOnlyDictionary<string, object?> StateDict() => pairs.StateDict();

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => pairs.LoadStateDict(state);
    }

    /// <summary>Never tells its length; what it gives depends on a number that moves on with each batch.</summary>
    private sealed class Wandering : IEnumerable<(Tensor X, Tensor Y)>, IStateful
    {
        private long _place;

        public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator()
        {
            do
            {
                var batch = ToyData.Batches(4, 4, (int)_place)[0];
                _place = ((_place * 5) + 3) % 64;
                yield return batch;
            }
            while (_place % 4 != 0);
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["place"] = _place };

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => _place = (long)state["place"]!; // its own key
    }

    private sealed class SaveAt(params int[] batches) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            var seen = (int)context.Trainer.Progress.BatchesSeen;
            if (batches.Contains(seen)) context.Trainer.SaveCheckpoint(Path.Combine(context.Trainer.RunDirectory!, $"at-{seen}.ckpt")); // there is a logger
        }
    }
}
