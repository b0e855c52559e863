using System.Runtime.InteropServices;
using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using LightningSharp.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Tuning;

public class TunerTests
{
    private static readonly LearningRateFindOptions Recorded = new() { MinLearningRate = 1e-3, MaxLearningRate = 1.5, NumTraining = 30, Mode = LearningRateRamp.Linear };

    [Fact]
    public void The_linear_ramp_gives_the_recorded_curve()
    {
        var model = new Tunable();

        var found = new Tuner(new Trainer(Quiet.Options with { MaxEpochs = 3 })).LearningRateFind(model, ToyData.Batches(20, 2), Recorded)!;

        Assert.True(found.StoppedEarly);
        Assert.Equal(27, found.Losses.Count);
        Assert.Equal([0.001, 0.10093333333333335, 0.1509], found.LearningRates.Take(3).Select(rate => Math.Round(rate, 14)), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(0.06366002589765214, found.Losses[0], 1e-6); // single precision
        Assert.Equal(0.12846446654317892, found.Losses[10], 1e-6);
        Assert.Equal(0.3194078210958591, found.Losses[26], 1e-5);
        Assert.Equal(found.Suggestion(), model.LearningRate);
    }

    [Fact]
    public void Weights_modes_random_state_and_the_Trainer_are_as_before()
    {
        var model = new Tunable();
        model.Layer.eval();
        var hooks = new List<string>();
        var trainer = new Trainer(Quiet.Options with { Callbacks = [new RecordingCallback(hooks)] });
        var weights = model.Layer.weight!.data<float>().ToArray();
        manual_seed(3);
        var expected = rand(1).ToDouble();
        manual_seed(3);

        new Tuner(trainer).LearningRateFind(model, ToyData.Batches(20, 2), Recorded);

        Assert.Equal(expected, rand(1).ToDouble());
        Assert.Equal(weights, model.Layer.weight!.data<float>().ToArray());
        Assert.Equal((true, false), (model.training, model.Layer.training));
        Assert.Equal(default, trainer.Progress);
        Assert.Empty(hooks);
        Assert.Same(trainer, model.Trainer);
    }

    [Fact]
    public void The_steepest_slope_is_taken_over_the_logarithm()
    {
        // Over the plain learning rate the first, tiny fall would be the steepest (defect D-LRF).
        double[] rates = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1];
        double[] losses = [1.0, 0.999, 0.99, 0.6, 0.2, 0.19];
        var found = new LearningRateFindResult(rates, losses, false);

        Assert.Equal(1e-3, found.Suggestion(skipBegin: 0, skipEnd: 0));
        Assert.Equal(1e-2, found.Suggestion(SuggestionRule.Minimum, 0, 0)!.Value, 1e-12);
        Assert.InRange(found.Suggestion(SuggestionRule.Valley, 0, 0)!.Value, 1e-5, 1e-2);
        Assert.InRange(found.Suggestion(SuggestionRule.Slide, 0, 0)!.Value, 1e-6, 1e-1);
        Assert.Null(found.Suggestion());
        Assert.Equal(12, found.Chart(suggestion: 1e-3).Split('\n').Length - 1);
    }

    [Fact]
    public void A_ramp_without_a_property_or_with_two_optimizers_is_an_error()
    {
        var tuner = new Tuner(new Trainer(Quiet.Options));

        var property = Assert.Throws<MisconfigurationException>(() => tuner.LearningRateFind(new QuickNet(), ToyData.Batches(4, 2)));
        var settings = Assert.Throws<MisconfigurationException>(() => tuner.LearningRateFind(new Tunable(), ToyData.Batches(4, 2), new() { MinLearningRate = 0, NumTraining = 1 }));

        Assert.Contains("LearningRate or Lr", property.Message, StringComparison.Ordinal);
        Assert.Contains("MinLearningRate = 0", settings.Message, StringComparison.Ordinal);
        Assert.Contains("NumTraining = 1", settings.Message, StringComparison.Ordinal);
        Assert.Contains("exactly one optimizer", Assert.Throws<MisconfigurationException>(() => tuner.LearningRateFind(new TwoOptimizers(), ToyData.Batches(4, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finder_callback_and_the_tuner_exclude_each_other()
    {
        var tuner = new Tuner(new Trainer(Quiet.Options with { Callbacks = [new LearningRateFinder()] }));

        Assert.Contains("LearningRateFinder", Assert.Throws<MisconfigurationException>(() => tuner.LearningRateFind(new Tunable(), ToyData.Batches(4, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FastDevRun_skips_the_searches()
        => Assert.Null(new Tuner(new Trainer(Quiet.Options with { FastDevRun = true })).LearningRateFind(new Tunable(), ToyData.Batches(4, 2)));

    [Theory]
    [InlineData(20, 10, 2, 16, new[] { 2, 4, 8, 16, 32 })]
    [InlineData(1000, 10, 2, 64, new[] { 2, 4, 8, 16, 32, 64 })]
    [InlineData(1000, 3, 2, 8, new[] { 2, 4, 8 })]
    [InlineData(5, 10, 16, 4, new[] { 16, 8, 4 })]
    public void Doubling_tries_the_recorded_sizes_and_returns_one_that_worked(int failsAbove, int maxTrials, int initVal, int expected, int[] sizes)
    {
        var data = new Sized();
        var model = new Tunable { FailsAbove = failsAbove };
        var weights = model.Layer.weight!.data<float>().ToArray();

        var size = new Tuner(new Trainer(Quiet.Options)).ScaleBatchSize(model, data, new() { InitVal = initVal, MaxTrials = maxTrials, StepsPerTrial = 2 });

        Assert.Equal((expected, expected), (size, data.BatchSize));
        Assert.Equal(sizes, data.Asked);
        Assert.Equal(weights, model.Layer.weight!.data<float>().ToArray());
        Assert.Equal(1, data.SetUps);
    }

    [Fact]
    public void The_librarys_own_data_modules_take_the_size_that_was_found()
    {
        using var scope = NewDisposeScope();
        var data = new DatasetModule<(Tensor X, Tensor Y)>(train: new TensorDataset(rand(64, 4), rand(64, 2)), batchSize: 2);
        var digits = new MnistDataModule(batchSize: 8);

        new Tuner(new Trainer(Quiet.Options)).ScaleBatchSize(new Tunable { FailsAbove = 20 }, data, new() { StepsPerTrial = 1 });
        digits.BatchSize = 32;

        Assert.Equal(16, data.BatchSize);
        Assert.Equal(16, data.TrainDataLoader()!.First().X.shape[0]);
        Assert.Equal(32, Assert.IsType<DataLoader<(Tensor X, Tensor Y)>>(digits.ValidationDataLoader()).BatchSize);
        Assert.Equal(32L, digits.HyperParameters["batchSize"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => digits.BatchSize = 0);
    }

    [Fact]
    public void The_binary_search_goes_to_the_limit_and_keeps_a_margin()
        => Assert.Equal(19, new Tuner(new Trainer(Quiet.Options)).ScaleBatchSize(new Tunable { FailsAbove = 20 }, new Sized(), new() { Mode = BatchSizeMode.BinSearch }));

    [Fact]
    public void The_largest_size_is_tried_before_it_is_returned()
    {
        // Lightning returns it untried (defect D-BSF).
        var data = new Sized();

        var size = new Tuner(new Trainer(Quiet.Options)).ScaleBatchSize(new Tunable { FailsAbove = 20 }, data, new() { MaxVal = 24 });

        Assert.Equal(16, size);
        Assert.Contains(24, data.Asked);
    }

    [Fact]
    public void Other_errors_than_memory_come_through_and_the_size_is_put_back()
    {
        var data = new Sized { BatchSize = 7 };

        Assert.Throws<InvalidTimeZoneException>(() => new Tuner(new Trainer(Quiet.Options)).ScaleBatchSize(new Tunable { Error = new InvalidTimeZoneException(), FailsAbove = 3 }, data));

        Assert.Equal(7, data.BatchSize);
    }

    [Fact]
    public void Impossible_searches_are_errors()
    {
        var tuner = new Tuner(new Trainer(Quiet.Options));

        Assert.Contains("not even a batch of one", Assert.Throws<MisconfigurationException>(() => tuner.ScaleBatchSize(new Tunable { FailsAbove = 0 }, new Sized())).Message, StringComparison.Ordinal);
        Assert.Contains("Nothing", Assert.Throws<MisconfigurationException>(() => tuner.ScaleBatchSize(new Tunable(), new Sized(), new() { BatchArgName = "Nothing" })).Message, StringComparison.Ordinal);
        Assert.Contains("Margin = 2", Assert.Throws<MisconfigurationException>(() => tuner.ScaleBatchSize(new Tunable(), new Sized(), new() { Margin = 2 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finder_callbacks_search_and_then_train_with_what_they_found()
    {
        var data = new Sized();
        var model = new Tunable { FailsAbove = 20 };
        var (sizes, rates) = (new BatchSizeFinder(), new LearningRateFinder(Recorded));
        double used = 0;
        var watch = new LambdaCallback(onTrainStart: c => used = c.Trainer.Optimizers[0].Optimizer.ParamGroups.First().LearningRate);

        var result = new Trainer(Quiet.Options with { Callbacks = [watch, sizes, rates] }).Fit(model, data);

        Assert.Equal(16, sizes.OptimalBatchSize);
        Assert.Equal(4, result.Progress.GlobalStep); // 64 samples
        Assert.Equal(model.LearningRate, used);
        Assert.Equal(rates.OptimalLr!.Suggestion(), used);
    }

    [Fact]
    public void A_batch_size_cannot_be_searched_for_a_loader_that_was_passed()
    {
        var trainer = new Trainer(Quiet.Options with { Callbacks = [new BatchSizeFinder()] });

        Assert.Contains("passed to Fit", Assert.Throws<MisconfigurationException>(() => trainer.Fit(new Tunable(), ToyData.Batches(4, 2))).Message, StringComparison.Ordinal);
    }

    private sealed class Tunable : TinyModel
    {
        public new double LearningRate { get; set; } = 0.1;

        public int FailsAbove { get; init; } = int.MaxValue;

        public Exception? Error { get; init; }

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (batch.X.shape[0] > FailsAbove) throw Error ?? new AllocationFailure("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes");
            return base.TrainingStep(batch, batchIndex);
        }
    }

    // As TorchSharp reports it.
    private sealed class AllocationFailure(string message) : ExternalException(message);

    private sealed class QuickNet : LightningModule<(Tensor X, Tensor Y)>
    {
        public override Tensor forward(Tensor x) => x;
    }

    private sealed class TwoOptimizers : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => OptimizerSetup.Create([optim.SGD([Layer.weight!], 0.1), optim.SGD([Layer.bias!], 0.1)]);
    }

    private sealed class Sized : DataModule<(Tensor X, Tensor Y)>
    {
        public int BatchSize { get; set; } = 1;

        public List<int> Asked { get; } = [];

        public int SetUps { get; private set; }

        public override void Setup(Stage stage) => SetUps++;

        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader()
        {
            Asked.Add(BatchSize);
            return ToyData.Batches(64, BatchSize);
        }
    }
}
