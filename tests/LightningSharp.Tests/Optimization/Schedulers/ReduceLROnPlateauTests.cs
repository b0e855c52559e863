using LightningSharp.Optimization;

namespace LightningSharp.Tests.Optimization;

public class ReduceLROnPlateauTests
{
    [Fact]
    public void The_learning_rate_falls_as_in_the_recorded_run()
    {
        // conformance case lr.plateau_val: patience 0 over these values.
        var optimizer = Schedule.Sgd(0.1);
        var scheduler = new ReduceLROnPlateau(optimizer, factor: 0.1, patience: 0);
        List<double> rates = [];

        foreach (var metric in (double[])[1.0, 1.0, 0.9, 0.9, 0.95])
        {
            rates.Add(Schedule.Rate(optimizer));
            scheduler.Step(metric);
        }

        Schedule.AssertClose([0.1, 0.1, 0.01, 0.01, 0.001], rates);
    }

    [Fact]
    public void More_steps_without_improvement_than_the_patience_reduce()
    {
        var scheduler = new ReduceLROnPlateau(Schedule.Sgd(1.0), patience: 2, factor: 0.5);

        Schedule.AssertClose([1, 1, 1, 0.5, 0.5, 0.5, 0.25], Run(scheduler, [5, 5, 5, 5, 5, 5, 5]));
    }

    [Fact]
    public void Nothing_is_counted_in_the_cooldown()
    {
        var scheduler = new ReduceLROnPlateau(Schedule.Sgd(1.0), patience: 0, factor: 0.5, cooldown: 2);

        Schedule.AssertClose([1, 0.5, 0.5, 0.5, 0.25], Run(scheduler, [5, 5, 5, 5, 5]));
    }

    [Theory]
    [InlineData(PlateauMode.Max, ThresholdMode.Relative, 1.11, false)]
    [InlineData(PlateauMode.Max, ThresholdMode.Relative, 1.09, true)]
    [InlineData(PlateauMode.Max, ThresholdMode.Absolute, 1.11, false)]
    [InlineData(PlateauMode.Min, ThresholdMode.Relative, 0.89, false)]
    [InlineData(PlateauMode.Min, ThresholdMode.Absolute, 0.91, true)]
    [InlineData(PlateauMode.Min, ThresholdMode.Absolute, double.NaN, true)]
    public void The_threshold_decides_what_an_improvement_is(PlateauMode mode, ThresholdMode threshold, double second, bool reduces)
    {
        var scheduler = new ReduceLROnPlateau(Schedule.Sgd(1.0), mode, 0.5, patience: 0, threshold: 0.1, thresholdMode: threshold);

        var rates = Run(scheduler, [1.0, second]);

        Assert.Equal(reduces ? 0.5 : 1.0, rates[1]);
    }

    [Fact]
    public void The_learning_rate_stops_at_its_minimum_of_each_group()
    {
        var scheduler = new ReduceLROnPlateau(Schedule.Sgd(1.0, 1.0), patience: 0, minLearningRate: new double[] { 0.3, 0.05 });

        _ = Run(scheduler, [1, 1, 1, 1]);

        Schedule.AssertClose([0.3, 0.05], scheduler.LastLearningRates);
    }

    [Fact]
    public void A_reduction_smaller_than_eps_is_not_made()
    {
        var scheduler = new ReduceLROnPlateau(Schedule.Sgd(1e-8), patience: 0, eps: 1e-8);

        Assert.Equal([1e-8, 1e-8, 1e-8], Run(scheduler, [1, 1, 1]));
    }

    [Fact]
    public void It_cannot_be_stepped_without_a_metric()
        => Assert.Throws<InvalidOperationException>(() => new ReduceLROnPlateau(Schedule.Sgd(0.1)).Step());

    [Fact]
    public void Resuming_keeps_every_counter()
    {
        double[] metrics = [3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1];
        Func<ReduceLROnPlateau> build = () => new ReduceLROnPlateau(Schedule.Sgd(1.0), patience: 1, factor: 0.5, cooldown: 1);
        var whole = Run(build(), metrics);

        for (var cut = 1; cut < metrics.Length; cut++)
        {
            var first = build();
            _ = Run(first, metrics[..cut]);
            var second = build();
            OptimizerState.Load(second.Optimizer, OptimizerState.Save(first.Optimizer));
            second.LoadStateDict(first.StateDict());

            Assert.Equal(whole[cut..], Run(second, metrics[cut..]));
        }
    }

    [Fact]
    public void A_state_written_by_Python_is_understood()
    {
        var scheduler = new ReduceLROnPlateau(Schedule.Sgd(0.1), factor: 0.9);

        scheduler.LoadStateDict(new Dictionary<string, object?>
        {
            ["factor"] = 0.1, ["min_lrs"] = new List<object?> { 0L }, ["patience"] = 3L, ["verbose"] = false, ["cooldown"] = 0L, ["cooldown_counter"] = 0L,
            ["mode"] = "max", ["threshold"] = 0.0001, ["threshold_mode"] = "abs", ["best"] = 0.8, ["num_bad_epochs"] = 3L,
            ["mode_worse"] = double.NegativeInfinity, ["eps"] = 1e-8, ["last_epoch"] = 7L, ["_last_lr"] = new List<object?> { 0.1 },
        });
        scheduler.Step(0.8);

        Assert.Equal((8L, 0.8), (scheduler.LastEpoch, scheduler.Best));
        Schedule.AssertClose([0.01], scheduler.LastLearningRates);
    }

    private static double[] Run(ReduceLROnPlateau scheduler, double[] metrics) => [.. metrics.Select(metric =>
    {
        scheduler.Step(metric);
        return Schedule.Rate(scheduler.Optimizer);
    })];
}
