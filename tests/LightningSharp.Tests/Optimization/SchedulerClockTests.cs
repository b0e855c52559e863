using LightningSharp.Callbacks;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

/// <summary>When the schedulers of automatic optimization step; the learning rate halves with each of their steps.</summary>
public class SchedulerClockTests
{
    [Theory]
    [InlineData(1, "1 0.5 0.25 0.125")]
    [InlineData(2, "1 1 0.5 0.5")]
    [InlineData(3, "1 1 1 0.5")]
    public void A_scheduler_by_epoch_steps_after_every_so_many_epochs(int frequency, string rates)
    {
        var model = new Halving(SchedulerInterval.Epoch, frequency);

        new Trainer(Quiet.Options with { MaxEpochs = 4, Callbacks = [Records(model)] }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(rates, Text(model.Rates.Where((_, i) => i % 2 == 0)));
        Assert.Equal(Text(model.Rates.Where((_, i) => i % 2 == 0)), Text(model.Rates.Where((_, i) => i % 2 == 1))); // the same in the whole epoch
    }

    [Theory]
    [InlineData(1, 1, "1 0.5 0.25 0.125 0.0625 0.03125")]
    [InlineData(3, 1, "1 1 1 0.5 0.5 0.5")]
    [InlineData(1, 2, "1 1 0.5 0.25 0.25 0.125")] // windows of two batches of three
    public void A_scheduler_by_step_counts_steps_and_no_batches(int frequency, int window, string rates)
    {
        var model = new Halving(SchedulerInterval.Step, frequency);

        new Trainer(Quiet.Options with { MaxEpochs = 2, AccumulateGradBatches = window, Callbacks = [Records(model)] }).Fit(model, ToyData.Batches(12, 4));

        Assert.Equal(rates, Text(model.Rates));
    }

    [Fact]
    public void An_epoch_that_is_left_early_does_not_step_its_scheduler()
    {
        var model = new Halving(SchedulerInterval.Epoch, 1);
        var leave = new LambdaCallback(onTrainBatchEnd: c =>
        {
            if (c.Trainer.CurrentEpoch == 0) c.Trainer.SkipRestOfEpoch();
        });

        new Trainer(Quiet.Options with { MaxEpochs = 3, Callbacks = [Records(model), leave] }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal("1 1 1 0.5 0.5", Text(model.Rates));
    }

    [Fact]
    public void In_manual_optimization_no_scheduler_is_stepped()
    {
        var model = new Manual();

        new Trainer(Quiet.Options with { MaxEpochs = 3, Callbacks = [Records(model)] }).Fit(model, ToyData.Batches(4, 4));

        Assert.Equal("1 1 1", Text(model.Rates));
    }

    [Theory]
    [InlineData(false, "1 1 0.5")]
    [InlineData(true, "1 1 0.5")]
    public void A_scheduler_with_a_metric_steps_after_the_epoch_with_the_value_of_the_epoch(bool fromValidation, string rates)
    {
        var model = new Plateau(fromValidation ? "val" : "train");

        new Trainer(Quiet.Options with { MaxEpochs = 3, NumSanityValSteps = 0, Callbacks = [Records(model)] }).Fit(model, ToyData.Batches(4, 4), ToyData.Batches(4, 4));

        Assert.Equal(rates, Text(model.Rates));
        Assert.Equal([1.0, 2, 3], model.Metrics);
    }

    [Fact]
    public void A_metric_that_was_not_logged_ends_the_run_with_the_keys_there_are()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(new Plateau("trian"), ToyData.Batches(4, 4)));

        Assert.Contains("ReduceLROnPlateau monitors 'trian', which has not been logged. Available: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("train", error.Message[error.Message.IndexOf("Available", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_need_not_be_there_is_warned_about_and_waited_for()
    {
        using var log = new ListLog();
        var model = new Plateau("later") { Strict = false };

        new Trainer(Quiet.Options with { MaxEpochs = 3, LoggerFactory = log, Callbacks = [Records(model)] }).Fit(model, ToyData.Batches(4, 4));

        Assert.Single(log.Lines, line => line.Id == (int)MessageId.MissingMonitor);
        Assert.Equal([2.0, 3], model.Metrics); // logged from the second epoch on
    }

    [Fact]
    public void Of_optimizers_that_take_turns_only_the_one_that_stepped_has_its_scheduler_stepped()
    {
        var model = new Turns();

        new Trainer(Quiet.Options).Fit(model, ToyData.Batches(20, 4)); // first, first, second, first, first

        Assert.Equal((4, 1), (model.Steps[0], model.Steps[1]));
    }

    private static LambdaCallback Records(Scheduled model) => new(onTrainBatchStart: _ => model.Rates.Add(model.Rate));

    private static string Text(IEnumerable<double> rates) => string.Join(' ', rates.Select(rate => rate.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture)));

    private abstract class Scheduled : TinyModel
    {
        public List<double> Rates { get; } = [];

        public double Rate => Trainer.Optimizers[0].Optimizer.ParamGroups.First().LearningRate;
    }

    private sealed class Halving(SchedulerInterval interval, int frequency) : Scheduled
    {
        public override OptimizerSetup ConfigureOptimizers()
        {
            var optimizer = optim.SGD(parameters().ToArray(), 1.0);
            return (optimizer, new SchedulerSetup(new ExponentialLR(optimizer, 0.5)) { Interval = interval, Frequency = frequency });
        }
    }

    private sealed class Manual : Scheduled
    {
        public Manual() => AutomaticOptimization = false;

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var optimizer = Optimizers()[0];
            optimizer.ZeroGrad();
            ManualBackward(Loss(batch));
            optimizer.Step();
            return null;
        }

        public override OptimizerSetup ConfigureOptimizers()
        {
            var optimizer = optim.SGD(parameters().ToArray(), 1.0);
            return (optimizer, new ExponentialLR(optimizer, 0.5));
        }
    }

    private sealed class Plateau(string monitor) : Scheduled
    {
        public bool Strict { get; init; } = true;

        public List<double?> Metrics { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Log("train", CurrentEpoch + 1.0, onStep: false, onEpoch: true);
            if (CurrentEpoch > 0) Log("later", CurrentEpoch + 1.0, onStep: false, onEpoch: true);
            return Loss(batch);
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("val", CurrentEpoch + 1.0);

        public override void LRSchedulerStep(SchedulerSetup scheduler, double? metric)
        {
            Metrics.Add(metric);
            base.LRSchedulerStep(scheduler, metric);
        }

        public override OptimizerSetup ConfigureOptimizers()
        {
            var optimizer = optim.SGD(parameters().ToArray(), 1.0);
            return (optimizer, new SchedulerSetup(new ReduceLROnPlateau(optimizer, PlateauMode.Max, factor: 0.5, patience: 0, threshold: 1e9)) { Monitor = monitor, Strict = Strict });
        }
    }

    private sealed class Turns : TinyModel
    {
        public int[] Steps { get; } = new int[2];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex, int optimizerIndex) => Loss(batch);

        public override void LRSchedulerStep(SchedulerSetup scheduler, double? metric)
        {
            Steps[scheduler.Name == "first" ? 0 : 1]++;
            base.LRSchedulerStep(scheduler, metric);
        }

        public override OptimizerSetup ConfigureOptimizers()
        {
            var (first, second) = (optim.SGD([Layer.weight!], 0.1), optim.SGD([Layer.bias!], 0.1));
            return OptimizerSetup.Alternate(
                new OptimizerEntry(first, new SchedulerSetup(new ExponentialLR(first, 0.5)) { Interval = SchedulerInterval.Step, Name = "first" }) { Frequency = 2 },
                new OptimizerEntry(second, new SchedulerSetup(new ExponentialLR(second, 0.5)) { Interval = SchedulerInterval.Step, Name = "second" }));
        }
    }
}
