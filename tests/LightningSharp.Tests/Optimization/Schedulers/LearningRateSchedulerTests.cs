using LightningSharp.Optimization;

namespace LightningSharp.Tests.Optimization;

public class LearningRateSchedulerTests
{
    [Fact]
    public void A_second_scheduler_starts_from_the_initial_learning_rate_and_not_from_the_one_the_first_has_set()
    {
        var optimizer = Schedule.Sgd(0.1);
        _ = new LinearLR(optimizer, startFactor: 0.5);

        var second = new StepLR(optimizer, 2);

        Assert.Equal(0.1, second.BaseLearningRates[0]);
        Assert.Equal(0.05, Schedule.Rate(optimizer));
    }

    [Fact]
    public void A_learning_rate_changed_before_the_first_scheduler_is_its_base()
    {
        var optimizer = Schedule.Sgd(0.1);
        optimizer.ParamGroups.First().LearningRate = 0.03;

        var scheduler = new ExponentialLR(optimizer, 0.5);

        Assert.Equal(0.03, scheduler.BaseLearningRates[0]);
        Assert.Equal(0.03, optimizer.ParamGroups.First().InitialLearningRate);
    }

    [Fact]
    public void Two_multiplying_schedulers_of_one_optimizer_compose()
    {
        var optimizer = Schedule.Sgd(1.0);
        var byEpoch = new StepLR(optimizer, 1, 0.1);
        var byStep = new ExponentialLR(optimizer, 0.5);

        byStep.Step();
        byStep.Step();
        byEpoch.Step();
        byStep.Step();

        Schedule.AssertClose([0.5 * 0.5 * 0.1 * 0.5], [Schedule.Rate(optimizer)]);
    }

    [Fact]
    public void A_schedule_goes_on_from_a_learning_rate_that_somebody_else_set()
    {
        var optimizer = Schedule.Sgd(0.1);
        var scheduler = new CosineAnnealingLR(optimizer, 10, 0.01);
        scheduler.Step();

        optimizer.ParamGroups.First().LearningRate = 0.05;
        scheduler.Step();

        // PyTorch's recursion from 0.05 at step 1.
        var expected = ((1 + Math.Cos(Math.PI * 2 / 10)) / (1 + Math.Cos(Math.PI * 1 / 10)) * (0.05 - 0.01)) + 0.01;
        Schedule.AssertClose([expected], [Schedule.Rate(optimizer)]);
    }

    [Fact]
    public void A_group_added_later_is_driven_from_its_own_learning_rate()
    {
        var optimizer = Schedule.Sgd(0.1);
        var scheduler = new StepLR(optimizer, 2, 0.1);
        scheduler.Step();

        optimizer.add_param_group(new TorchSharp.Modules.SGD.ParamGroup([new(TorchSharp.torch.ones(1))], 0.4));
        scheduler.Step();

        Schedule.AssertClose([0.01, 0.04], scheduler.LastLearningRates);
    }

    [Fact]
    public void The_state_has_the_keys_of_PyTorch()
    {
        var scheduler = new StepLR(Schedule.Sgd(0.01, 0.02), 1, 0.5);
        scheduler.Step();
        scheduler.Step();

        var state = scheduler.StateDict();

        // The values of conformance/ckpt/adam_steplr.ckpt.
        Assert.Equal(["step_size", "gamma", "base_lrs", "last_epoch", "_step_count", "_get_lr_called_within_step", "_last_lr"], state.Keys);
        Assert.Equal(1L, state["step_size"]);
        Assert.Equal([0.01, 0.02], (IReadOnlyList<object?>)state["base_lrs"]!);
        Assert.Equal(2L, state["last_epoch"]);
        Assert.Equal(3L, state["_step_count"]);
        Assert.Equal([0.0025, 0.005], (IReadOnlyList<object?>)state["_last_lr"]!);
    }

    [Fact]
    public void A_state_written_by_Python_goes_on_where_Python_stopped()
    {
        var optimizer = Schedule.Sgd(0.0025, 0.005);
        var scheduler = new StepLR(optimizer, 3, 0.9);

        scheduler.LoadStateDict(new Dictionary<string, object?>
        {
            ["step_size"] = 1L,
            ["gamma"] = 0.5,
            ["base_lrs"] = new object?[] { 0.01, 0.02 },
            ["last_epoch"] = 2L,
            ["verbose"] = false,
            ["_step_count"] = 3L,
            ["_get_lr_called_within_step"] = false,
            ["_last_lr"] = new List<object?> { 0.0025, 0.005 },
        });
        scheduler.Step();

        Assert.Equal([0.00125, 0.0025], scheduler.LastLearningRates);
        Assert.Equal([0.01, 0.02], scheduler.BaseLearningRates);
    }

    [Fact]
    public void A_state_with_more_groups_than_the_optimizer_is_refused()
    {
        var saved = new StepLR(Schedule.Sgd(0.1, 0.2, 0.3), 1).StateDict();
        var scheduler = new StepLR(Schedule.Sgd(0.1), 1);

        var error = Assert.Throws<CheckpointException>(() => scheduler.LoadStateDict(saved));

        Assert.Contains("3 values under 'base_lrs', but the optimizer has 1 parameter groups", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_another_kind_of_value_is_refused()
    {
        var scheduler = new StepLR(Schedule.Sgd(0.1), 1);

        var error = Assert.Throws<CheckpointException>(() => scheduler.LoadStateDict(new Dictionary<string, object?> { ["gamma"] = "much" }));

        Assert.Contains("'gamma', a number was expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_leaves_the_learning_rate_to_the_optimizers_state_as_in_PyTorch()
    {
        var first = new StepLR(Schedule.Sgd(0.1), 1, 0.5);
        first.Step();
        var optimizer = Schedule.Sgd(0.1);
        var scheduler = new StepLR(optimizer, 1, 0.5);

        scheduler.LoadStateDict(first.StateDict());

        Assert.Equal(0.1, Schedule.Rate(optimizer));
        Assert.Equal([0.05], scheduler.LastLearningRates);
    }

    [Fact]
    public void An_optimizer_without_groups_is_refused()
        => Assert.Throws<MisconfigurationException>(() => new StepLR(Schedule.Sgd(), 1));

    [Fact]
    public void LBFGS_is_told_its_new_learning_rate_which_its_group_alone_does_not_do()
    {
        using var optimizer = (TorchSharp.Modules.LBFGS)TorchSharp.torch.optim.LBFGS([new TorchSharp.Modules.Parameter(TorchSharp.torch.ones(2))], lr: 0.4);
        var scheduler = new ExponentialLR(optimizer, 0.5);

        scheduler.Step();

        Assert.Equal((0.2, 0.2), (optimizer.LearningRate, optimizer.ParamGroups.First().LearningRate));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        LearningRateScheduler[] schedulers =
        [
            new StepLR(Schedule.Sgd(0.1), 3), new CosineAnnealingLR(Schedule.Sgd(0.1), 9), new OneCycleLR(Schedule.Sgd(0.1), 0.2, 500),
            new CyclicLR(Schedule.Sgd(0.1), 0.1, 0.2), WarmupSchedule.StableDecay(Schedule.Sgd(0.1), 9, 9, 500), new MultiStepLR(Schedule.Sgd(0.1), [3, 5]),
            new CosineAnnealingWarmRestarts(Schedule.Sgd(0.1), 3, 2),
        ];
        foreach (var scheduler in schedulers)
        {
            Run(scheduler);
            var before = GC.GetAllocatedBytesForCurrentThread();

            Run(scheduler);

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void Run(LearningRateScheduler scheduler)
    {
        for (var step = 0; step < 100; step++)
        {
            scheduler.Step();
        }
    }
}
