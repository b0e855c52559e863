using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Contract;

/// <summary>Neighbours of the recorded cases of logging: other intervals, windows and loaders. See <see cref="NeighbourTests"/>.</summary>
public sealed class NeighbourLoggingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private TrainerOptions Q => Quiet.Options with { NumSanityValSteps = 0, EnableReport = false, DefaultRootDir = _folder.Path };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 2, 5, "1 3 5")] // windows of 2, 2 and 1 batches: three that step per epoch
    [InlineData(1, 4, 6, "0 1 2 3")]
    [InlineData(3, 1, 5, "2 5 8")]
    [InlineData(0, 1, 5, "")]
    [InlineData(null, 1, 5, "4 9")]
    [InlineData(50, 1, 5, "")]
    public void G12_step_values_are_written_by_batches_that_stepped(int? every, int accumulate, int batches, string expected)
    {
        var log = new InMemoryLogger();

        new Trainer(Q with { MaxEpochs = 2, LogEveryNSteps = every, AccumulateGradBatches = accumulate, Loggers = [log] }).Fit(new TinyModel(), ToyData.Batches(batches * 4, 4));

        Assert.Equal(expected, Steps(log, "loss"));
    }

    [Theory]
    [InlineData(1, "0 1 2 3 4")]
    [InlineData(2, "1 3")]
    public void G13_in_manual_optimization_every_batch_counts(int every, string expected)
    {
        var log = new InMemoryLogger();

        var result = new Trainer(Q with { LogEveryNSteps = every, Loggers = [log] }).Fit(new Accumulates(), ToyData.Batches(20, 4));

        Assert.Equal(2, result.Progress.GlobalStep);
        Assert.Equal(expected, Steps(log, "loss"));
    }

    [Fact]
    public void G12_a_stop_writes_the_last_values()
    {
        var log = new InMemoryLogger();
        var stop = new LambdaCallback(onTrainBatchEnd: c => c.Trainer.Stop("as planned"));

        new Trainer(Q with { LogEveryNSteps = 50, Loggers = [log], Callbacks = [stop] }).Fit(new TinyModel(), ToyData.Batches(20, 4));

        Assert.Equal("0", Steps(log, "loss"));
    }

    [Fact]
    public void G12_a_fast_run_has_logged_metrics_whatever_the_interval()
    {
        var trainer = new Trainer(Q with { FastDevRun = 2, LogEveryNSteps = 50 });

        trainer.Fit(new TinyModel(), ToyData.Batches(20, 4));

        Assert.Contains("loss", trainer.LoggedMetrics.Keys);
    }

    [Fact]
    public void G6_loaders_of_several_lengths_keep_what_several_hooks_logged()
    {
        var log = new InMemoryLogger();
        var trainer = new Trainer(Q with { LimitValBatches = 2, Loggers = [log] });

        var result = trainer.Validate(new LogsTwice(), Two(first: 3, second: 1));

        Assert.Equal([2, 1], trainer.NumValBatches);
        Assert.Equal(0.5, result[0].Metrics["a_epoch/x"]);
        Assert.Equal(10, result[1].Metrics["a_epoch/y"]);
        Assert.Equal(1, result[0].Metrics["b/x"]);
        Assert.Equal(20, result[1].Metrics["b/y"]);
        Assert.Equal([(0L, 0.0), (1L, 1.0)], log.Series("a_step/x"));
        Assert.Equal([(0L, 10.0)], log.Series("a_step/y"));
        Assert.Equal(["a/x", "a/y", "a_epoch/x", "a_epoch/y", "b/x", "b/y"], trainer.CallbackMetrics.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0.5, 4, 2, "2 1")]
    [InlineData(0.3, 4, 7, "1 2")]
    [InlineData(1.0, 1, 3, "1 3")]
    public void T14_a_fraction_is_one_of_each_loader(double limit, int first, int second, string expected)
    {
        var trainer = new Trainer(Q with { LimitTestBatches = limit });

        trainer.Test(new TinyModel(), Two(first, second));

        Assert.Equal(expected, string.Join(' ', trainer.NumTestBatches));
    }

    [Fact]
    public void T14_a_fraction_that_leaves_one_loader_empty_is_refused_with_a_fraction_that_does()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Q with { LimitTestBatches = 0.2 }).Test(new TinyModel(), Two(7, 3)));

        Assert.Contains("LimitTestBatches = 0.2 of 3 batches is less than one batch. Use at least 0.333334", error.Message, StringComparison.Ordinal);
        new Trainer(Q with { LimitTestBatches = 0.333334 }).Test(new TinyModel(), Two(7, 3));
    }

    [Theory]
    [InlineData(1, "1 1")]
    [InlineData(2, "2 1")]
    [InlineData(-1, "3 1")]
    public void T18_the_sanity_check_takes_so_many_batches_of_each_loader(int steps, string expected)
    {
        using var model = new CountsSanity();
        var trainer = new Trainer(Q with { NumSanityValSteps = steps });

        trainer.Fit(model, ToyData.Batches(4, 4), Two(3, 1));

        Assert.Equal(expected, string.Join(' ', model.Seen));
        Assert.Equal(expected, string.Join(' ', trainer.NumSanityValBatches));
    }

    private static string Steps(InMemoryLogger log, string name) => string.Join(' ', log.Series(name).Select(point => point.Step));

    private static LoaderGroup<(Tensor X, Tensor Y)> Two(int first, int second) => new() { { "x", ToyData.Batches(first * 4, 4) }, { "y", ToyData.Batches(second * 4, 4) } };

    private sealed class Accumulates : TinyModel
    {
        public Accumulates() => AutomaticOptimization = false;

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = Loss(batch);
            Log("loss", loss);
            ManualBackward(loss / 2);
            if (batchIndex % 2 == 0) return null;
            Optimizers()[0].Step();
            Optimizers()[0].ZeroGrad();
            return null;
        }
    }

    private sealed class LogsTwice : TinyModel
    {
        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex)
            => Log("a", batchIndex + (10.0 * dataLoaderIndex), onStep: true, onEpoch: true);

        public override void OnValidationBatchEnd((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex)
            => Log("b", 2 * (batchIndex + (10.0 * dataLoaderIndex)));
    }

    private sealed class CountsSanity : TinyModel
    {
        public int[] Seen { get; } = new int[2];

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex)
        {
            if (Trainer.Stage == Stage.SanityCheck) Seen[dataLoaderIndex]++;
        }
    }
}
