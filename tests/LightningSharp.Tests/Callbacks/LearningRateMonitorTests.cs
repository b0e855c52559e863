using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Callbacks;

public class LearningRateMonitorTests
{
    [Fact]
    public void Each_rate_is_written_at_the_interval_of_its_scheduler()
    {
        var model = new Scheduled(optimizer =>
            new OptimizerEntry(optimizer, new SchedulerSetup(new StepLR(optimizer, 1, 0.5)) { Name = "my_lr" }, new SchedulerSetup(new ExponentialLR(optimizer, 0.9)) { Interval = SchedulerInterval.Step }));
        var monitor = new LearningRateMonitor();

        var (logger, trainer) = Fit(model, monitor);

        // Lightning's recorded rows: step, key, value.
        Assert.Equal([(0, 0.1), (2, 0.0405)], Rounded(logger.Series("my_lr")));
        Assert.Equal([(0, 0.1), (1, 0.09), (2, 0.0405), (3, 0.03645)], Rounded(logger.Series("lr-SGD")));
        Assert.Equal(0.03645, trainer.CallbackMetrics["lr-SGD"], 1e-6);
        Assert.DoesNotContain("lr-SGD", trainer.LoggedMetrics.Keys);
        Assert.Equal(2, monitor.LearningRates["my_lr"].Count);
    }

    [Fact]
    public void Momentum_and_weight_decay_have_keys_of_their_own()
    {
        var model = new Scheduled(optimizer => new OptimizerEntry(optimizer, new StepLR(optimizer, 1, 0.5)), momentum: 0.9);

        var (logger, _) = Fit(model, new LearningRateMonitor(LearningRateInterval.Epoch, logMomentum: true, logWeightDecay: true));

        Assert.Equal([(0, 0.1), (2, 0.05)], Rounded(logger.Series("lr-SGD")));
        Assert.Equal([(0, 0.9), (2, 0.9)], Rounded(logger.Series("lr-SGD-momentum")));
        Assert.Equal([(0, 0.01), (2, 0.01)], Rounded(logger.Series("lr-SGD-weight_decay")));
    }

    [Fact]
    public void An_optimizer_without_a_scheduler_is_written_at_both()
    {
        var (logger, _) = Fit(new TinyModel(), new LearningRateMonitor());

        Assert.Equal([0, 0, 1, 2, 2, 3], logger.Series("lr-SGD").Select(point => point.Step));
    }

    [Fact]
    public void Several_groups_and_optimizers_are_numbered_or_named()
    {
        var (logger, _) = Fit(new TwoOptimizers(), new LearningRateMonitor(LearningRateInterval.Epoch) { GroupNames = ["weights"], LogKeyPrefix = "opt/" });

        Assert.Single(logger.Series("opt/lr-SGD/weights").Select(point => point.Value).Distinct());
        Assert.Equal(0.2, logger.Series("opt/lr-SGD/pg2")[0].Value);
        Assert.Equal(0.3, logger.Series("opt/lr-SGD-1")[0].Value);
    }

    [Fact]
    public void No_logger_is_an_error()
    {
        var options = Quiet.Options with { Callbacks = [new LearningRateMonitor()] };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options).Fit(new TinyModel(), ToyData.Batches(4, 2)));

        Assert.Contains("Loggers is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_name_that_occurs_twice_is_refused()
        => Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new LearningRateMonitor { GroupNames = ["a", "a"] }).Message, StringComparison.Ordinal);

    private static (long, double)[] Rounded(IReadOnlyList<(long Step, double Value)> points) => [.. points.Select(point => (point.Step, Math.Round(point.Value, 9)))];

    private static (InMemoryLogger Logger, Trainer Trainer) Fit(TinyModel model, LearningRateMonitor monitor)
    {
        using var folder = new Support.TempFolder();
        var logger = new InMemoryLogger();
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 2, LogEveryNSteps = 1, Loggers = [logger], Callbacks = [monitor], DefaultRootDir = folder.Path });
        trainer.Fit(model, ToyData.Batches(4, 2));
        return (logger, trainer);
    }

    private sealed class Scheduled(Func<optim.Optimizer, OptimizerEntry> entry, double momentum = 0) : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => entry(optim.SGD(parameters().ToArray(), 0.1, momentum, weight_decay: momentum > 0 ? 0.01 : 0));
    }

    private sealed class TwoOptimizers : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers()
        {
            var groups = new[] { new TorchSharp.Modules.SGD.ParamGroup([Layer.weight!], 0.1), new TorchSharp.Modules.SGD.ParamGroup([Layer.bias!], 0.2) };
            return OptimizerSetup.Create([new TorchSharp.Modules.SGD(groups, 0.1), optim.SGD([Layer.bias!], 0.3)]);
        }
    }
}
