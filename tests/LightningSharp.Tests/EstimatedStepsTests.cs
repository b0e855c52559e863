using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

/// <summary>The estimate is compared with the steps that the run really takes.</summary>
public sealed class EstimatedStepsTests
{
    public static TheoryData<string> Rows => [.. Runs.Keys];

    private static Dictionary<string, (TrainerOptions Options, int Expected)> Runs { get; } = new()
    {
        ["plain"] = (Quiet.Options with { MaxEpochs = 3 }, 15),
        ["accumulation with a short window"] = (Quiet.Options with { MaxEpochs = 3, AccumulateGradBatches = 2 }, 9),
        ["limit of steps"] = (Quiet.Options with { MaxEpochs = 3, MaxSteps = 7 }, 7),
        ["limit of batches"] = (Quiet.Options with { MaxEpochs = 3, LimitTrainBatches = 3 }, 9),
        ["duration in batches"] = (Quiet.Options with { MaxEpochs = null, MaxDuration = 8.Batches() }, 8),
        ["duration in batches, accumulated"] = (Quiet.Options with { MaxEpochs = null, MaxDuration = 8.Batches(), AccumulateGradBatches = 2 }, 4),
        ["schedule by epoch"] = (Quiet.Options with { MaxEpochs = 4, Callbacks = [new GradientAccumulationScheduler(new() { [0] = 5, [1] = 2, [3] = 1 })] }, 1 + 3 + 3 + 5),
        ["schedule by step"] = (Quiet.Options with { MaxEpochs = 4, Callbacks = [GradientAccumulationScheduler.BySteps(new() { [3] = 2, [6] = 4 })] }, 10),
        ["schedule by durations, limit of steps"] = (Quiet.Options with { MaxEpochs = -1, MaxSteps = 6, Callbacks = [GradientAccumulationScheduler.By((0.Epochs(), 3), (1.Epochs(), 1))] }, 6),
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_estimate_in_ConfigureOptimizers_is_the_number_of_steps_that_follow(string row)
    {
        var (options, expected) = Runs[row];
        var model = new Asks();

        var result = new Trainer(options).Fit(model, ToyData.Batches(20, 4));

        Assert.Equal(result.Progress.GlobalStep, model.Estimate);
        if (row != "schedule by step") Assert.Equal(expected, model.Estimate);
    }

    [Fact]
    public void Optimizers_that_step_together_share_a_limit_of_steps()
    {
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = -1, MaxSteps = 6 });

        trainer.Fit(new Pair(alternate: false), ToyData.Batches(20, 4));

        Assert.Equal((3L, 6L), (trainer.EstimatedSteppingBatches, trainer.GlobalStep));
        Assert.All(trainer.Optimizers, optimizer => Assert.Equal(3, optimizer.StepCount));
    }

    [Fact]
    public void A_schedule_without_a_length_gets_the_steps_of_its_own_optimizer()
    {
        var together = new Pair(alternate: false);
        var alternating = new Pair(alternate: true);

        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(together, ToyData.Batches(20, 4));
        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(alternating, ToyData.Batches(20, 4));

        Assert.Equal([10, 10], together.TotalSteps);
        Assert.Equal([7, 3], alternating.TotalSteps); // two batches, then one, of ten
        Assert.Equal([7L, 3L], alternating.StepCounts);
    }

    [Fact]
    public void Without_a_limit_that_can_be_counted_there_is_no_estimate()
    {
        var model = new Asks();

        new Trainer(Quiet.Options with { MaxEpochs = -1, MaxTime = TimeSpan.FromMilliseconds(50) }).Fit(model, ToyData.Batches(8, 4));

        Assert.Null(model.Estimate);
    }

    private sealed class Asks : TinyModel
    {
        public long? Estimate { get; private set; } = -1;

        public override OptimizerSetup ConfigureOptimizers()
        {
            Estimate = Trainer.EstimatedSteppingBatches;
            return base.ConfigureOptimizers();
        }
    }

    private sealed class Pair(bool alternate) : TinyModel
    {
        private LightningSharp.Optimization.OneCycleLR[] _schedules = [];

        public IEnumerable<int?> TotalSteps => _schedules.Select(schedule => schedule.TotalSteps);

        public IEnumerable<long> StepCounts => Optimizers().Select(optimizer => optimizer.StepCount);

        public override OptimizerSetup ConfigureOptimizers()
        {
            optim.Optimizer[] optimizers = [optim.SGD([Layer.weight!], 0.1, momentum: 0.9), optim.SGD([Layer.bias!], 0.1, momentum: 0.9)];
            _schedules = [.. optimizers.Select(optimizer => new LightningSharp.Optimization.OneCycleLR(optimizer, 0.1))];
            OptimizerEntry[] entries = [.. optimizers.Select((optimizer, i) => new OptimizerEntry(optimizer, new SchedulerSetup(_schedules[i]) { Interval = SchedulerInterval.Step }) { Frequency = 2 - i })];
            return alternate ? OptimizerSetup.Alternate(entries) : entries;
        }
    }
}
