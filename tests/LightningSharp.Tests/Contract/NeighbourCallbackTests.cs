using LightningSharp.Callbacks;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Contract;

/// <summary>Neighbours of the recorded cases of callbacks and schedulers. See <see cref="NeighbourTests"/>.</summary>
public sealed class NeighbourCallbackTests
{
    private static readonly TrainerOptions Q = Quiet.Options with { NumSanityValSteps = 0 };

    // two batches per epoch; the value of an epoch is logged at the end of its validation
    public static TheoryData<double[], EarlyStopping, TrainerOptions, int, long> Stops => new()
    {
        { [9, 1, 9, 1.5], new("metric") { Patience = 1 }, Q with { CheckValEveryNEpoch = 2 }, 4, 8 },
        { [1, 0.9, 0.9], new("metric") { Patience = 2 }, Q with { ValCheckInterval = 0.5 }, 3, 5 }, // two checks per epoch: the third epoch is the first whose both do not improve
        { [0.1, 0.2, 0.2, 0.9], new("metric") { Patience = 0, Mode = MonitorMode.Max }, Q, 3, 6 },
        { [1, 1, 1, 1, 1], new("metric") { Patience = 0 }, Q with { MinEpochs = 3 }, 3, 6 },
        { [1, 2, 3, 4], new("metric") { Patience = 3, StartFromEpoch = 2 }, Q, 6, 12 },
        { [1, 0.5, 0.25], new("metric") { Patience = 1, MinDelta = 0.5 }, Q, 2, 4 }, // an improvement of exactly MinDelta is none
        { [3, 2, 1], new("metric") { Patience = 1 }, Q with { MaxEpochs = 3 }, 3, 6 },
    };

    [Theory]
    [MemberData(nameof(Stops), DisableDiscoveryEnumeration = true)]
    public void Early_stopping_counts_checks(double[] values, EarlyStopping stopping, TrainerOptions options, int epochs, long steps)
    {
        options = options with { MaxEpochs = options.MaxEpochs == 1 ? 20 : options.MaxEpochs, Callbacks = [stopping] };

        var result = new Trainer(options).Fit(new ScriptedModel(values), ToyData.Batches(8, 4), ToyData.Batches(4, 4));

        Assert.Equal((epochs, steps), (result.Progress.Epoch, result.Progress.GlobalStep));
    }

    public static TheoryData<double[], ModelCheckpoint, int, string, int> Saves => new()
    {
        { [0.3, 0.1, 0.5, 0.4], new() { Monitor = "metric", Mode = MonitorMode.Max, SaveTopK = 3 }, 1, "0 2 3", 2 },
        { [0.3, 0.1, 0.5, 0.4], new() { Monitor = "metric", Mode = MonitorMode.Max, SaveTopK = -1 }, 1, "0 1 2 3", 2 },
        { [0.3, 0.1, 0.5, 0.4], new() { Monitor = "metric", SaveTopK = 0 }, 1, "", -1 },
        { [0.5, 0.5, 0.5, 0.5], new() { Monitor = "metric", Mode = MonitorMode.Max }, 1, "0", 0 },
        { [9, 0.3, 0.1, 0.2], new() { Monitor = "metric" }, 2, "3", 3 }, // only epochs 1 and 3 are validated
        { [9, 0.3, 0.1, 0.2], new() { Monitor = "metric", SaveTopK = -1, EveryNEpochs = 2 }, 1, "1 3", 3 },
        { [double.NaN, 2, double.NaN, 1], new() { Monitor = "metric", SaveTopK = 2 }, 1, "1 3", 3 },
        { [1, 2, 3, 4], new() { SaveTopK = 1 }, 1, "3", 3 },
    };

    [Theory]
    [MemberData(nameof(Saves), DisableDiscoveryEnumeration = true)]
    public void Checkpoints_are_kept_by_rank(double[] values, ModelCheckpoint policy, int validateEvery, string kept, int best)
    {
        using var folder = new TempFolder();
        var saver = new ModelCheckpoint
        {
            DirPath = folder.Path, Filename = "{epoch}", Monitor = policy.Monitor, Mode = policy.Mode, SaveTopK = policy.SaveTopK, EveryNEpochs = policy.EveryNEpochs,
        };

        new Trainer(Q with { MaxEpochs = 4, CheckValEveryNEpoch = validateEvery, EnableCheckpointing = true, Callbacks = [saver] })
            .Fit(new ScriptedModel(values), ToyData.Batches(4, 4), ToyData.Batches(4, 4));

        var files = Directory.GetFiles(folder.Path, "*.ckpt").Select(file => Path.GetFileNameWithoutExtension(file).Split('=')[1]).Order(StringComparer.Ordinal);
        Assert.Equal(kept, string.Join(' ', files));
        Assert.Equal(best < 0 ? null : $"epoch={best}.ckpt", Path.GetFileName(saver.BestModelPath));
    }

    [Fact]
    public void MC18_a_monitored_value_that_is_missing_before_any_validation_is_warned_about()
    {
        using var folder = new TempFolder();
        var log = new ListLog();

        new Trainer(Q with { EnableCheckpointing = true, LoggerFactory = log, Callbacks = [new ModelCheckpoint { DirPath = folder.Path, Monitor = "los" }] }).Fit(new TinyModel(), ToyData.Batches(4, 4));

        Assert.Contains("monitors 'los', which has not been logged", Assert.Single(log.Lines, line => line.Id == (int)MessageId.MissingMetric).Text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    public static TheoryData<string, Func<optim.Optimizer, SchedulerSetup>, TrainerOptions, int, double[]> Rates => new()
    {
        { "every 2nd epoch", sgd => new(new StepLR(sgd, 1)) { Frequency = 2 }, Q with { MaxEpochs = 5 }, 1, [0.1, 0.1, 0.01, 0.01, 0.001] },
        { "every 2nd step", sgd => new(new StepLR(sgd, 1)) { Frequency = 2, Interval = SchedulerInterval.Step }, Q with { MaxEpochs = 2 }, 3, [0.1, 0.1, 0.01, 0.01, 0.001, 0.001] },
        { "steps of windows", sgd => new(new StepLR(sgd, 1, 0.5)) { Interval = SchedulerInterval.Step }, Q with { AccumulateGradBatches = 2 }, 5, [0.1, 0.1, 0.05, 0.05, 0.025] },
        { "an epoch that is cut", sgd => new(new StepLR(sgd, 1)), Q with { MaxEpochs = 3, MaxSteps = 3 }, 2, [0.1, 0.1, 0.01] },
        { "an epoch that is left", sgd => new(new StepLR(sgd, 1)), Q with { MaxEpochs = 2, Callbacks = [new LambdaCallback(onTrainBatchEnd: c => c.Trainer.SkipRestOfEpoch())] }, 2, [0.1, 0.1] },
        { "a plateau, every 2nd epoch", sgd => Plateau(sgd, 2, SchedulerInterval.Epoch), Q with { MaxEpochs = 6 }, 1, [0.1, 0.1, 0.1, 0.1, 0.05, 0.05] },
        { "a plateau, every 2nd step", sgd => Plateau(sgd, 2, SchedulerInterval.Step), Q, 6, [0.1, 0.1, 0.1, 0.1, 0.05, 0.05] },
    };

    [Theory]
    [MemberData(nameof(Rates), DisableDiscoveryEnumeration = true)]
    public void Schedules_step_when_they_are_due(string name, Func<optim.Optimizer, SchedulerSetup> schedule, TrainerOptions options, int batches, double[] expected)
    {
        var rates = new List<double>();
        var record = new LambdaCallback(onTrainBatchStart: c => rates.Add(Math.Round(c.Trainer.Optimizers[0].Optimizer.ParamGroups.First().LearningRate, 9)));

        new Trainer(options with { Callbacks = [.. options.Callbacks, record] }).Fit(new Scheduled(schedule), ToyData.Batches(batches * 4, 4));

        Assert.True(expected.SequenceEqual(rates), $"{name}: {string.Join(", ", rates)}");
    }

    [Theory]
    [InlineData(0.8, 4, 2)] // from the 3rd epoch on
    [InlineData(0.5, 5, 4)]
    [InlineData(0.0, 3, 3)]
    [InlineData(1.0, 3, 1)]
    public void Stochastic_averaging_starts_with_its_part_of_the_run(double start, int epochs, long averaged)
    {
        using var swa = new StochasticWeightAveraging(0.05, start);

        new Trainer(Q with { MaxEpochs = epochs, Callbacks = [swa] }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal(averaged, swa.Averaged);
    }

    [Fact]
    public void Stochastic_averaging_that_would_start_after_the_end_changes_nothing_and_says_so()
    {
        var log = new ListLog();
        using var swa = StochasticWeightAveraging.StartingAt(9, [0.05]);

        var result = new Trainer(Q with { MaxEpochs = 3, Callbacks = [swa], LoggerFactory = log }).Fit(new Normalised(), ToyData.Batches(8, 4));

        Assert.Equal((0L, 3), (swa.Averaged, result.Progress.Epoch));
        Assert.Contains(log.Lines, line => line.Text.Contains("begins with epoch 9, but training ends after 3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, null, null, 8)]
    [InlineData(2, 3L, null, 2)] // steps 4 and 6
    [InlineData(3, 0L, null, 3)] // steps 0, 3 and 6
    [InlineData(100, null, 2, 3)] // step 0, and the ends of epochs 2 and 3
    public void An_exponential_average_is_updated_when_it_is_due(int every, long? startStep, int? startEpoch, long averaged)
    {
        using var ema = new EMAWeightAveraging(0.9, every, startStep, startEpoch);

        new Trainer(Q with { MaxEpochs = 4, Callbacks = [ema] }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal(averaged, ema.Averaged);
    }

    private static SchedulerSetup Plateau(optim.Optimizer sgd, int frequency, SchedulerInterval interval)
        => new(new ReduceLROnPlateau(sgd, factor: 0.5, patience: 0)) { Monitor = "flat", Frequency = frequency, Interval = interval };

    private sealed class Scheduled(Func<optim.Optimizer, SchedulerSetup> schedule) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Log("flat", 1.0);
            return base.TrainingStep(batch, batchIndex);
        }

        public override OptimizerSetup ConfigureOptimizers()
        {
            var optimizer = optim.SGD(parameters().ToArray(), 0.1);
            return new OptimizerEntry(optimizer, schedule(optimizer));
        }
    }

    private sealed class Normalised : TinyModel
    {
        private readonly TorchSharp.Modules.BatchNorm1d bn = nn.BatchNorm1d(2);

        public override Tensor forward(Tensor x) => bn.call(Layer.call(x));
    }
}
