using LightningSharp.Optimization;

namespace LightningSharp.Tests.Optimization;

public class FactorSchedulerTests
{
    [Fact]
    public void StepLR_falls_every_step_size()
        => Schedule.AssertClose([0.1, 0.1, 0.01, 0.01, 0.001, 0.001], Schedule.Curve(new StepLR(Schedule.Sgd(0.1), 2), 6));

    [Fact]
    public void MultiStepLR_falls_at_each_milestone_and_twice_where_one_is_named_twice()
        => Schedule.AssertClose(
            [0.1, 0.05, 0.05, 0.0125, 0.0125, 0.00625],
            Schedule.Curve(new MultiStepLR(Schedule.Sgd(0.1), [3, 1, 3, 5], 0.5), 6));

    [Fact]
    public void MultiStepLR_saves_its_milestones_as_Pythons_counter()
    {
        var state = new MultiStepLR(Schedule.Sgd(0.1), [3, 1, 3]).StateDict();

        var milestones = Assert.IsAssignableFrom<IReadOnlyDictionary<long, object?>>(state["milestones"]);
        Assert.Equal(new Dictionary<long, object?> { [1] = 1L, [3] = 2L }, milestones);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MultiStepLR_loads_milestones_with_text_or_untyped_keys(bool text)
    {
        object milestones = text
            ? new Dictionary<string, object?> { ["2"] = 1L, ["4"] = 2L }
            : new Dictionary<object, object?> { [2] = 1, [4L] = 2 };
        var scheduler = new MultiStepLR(Schedule.Sgd(1.0), [100], 0.1);

        scheduler.LoadStateDict(new Dictionary<string, object?> { ["milestones"] = milestones });

        Schedule.AssertClose([1, 1, 0.1, 0.1, 0.001], Schedule.Curve(scheduler, 5));
    }

    [Fact]
    public void ExponentialLR_falls_every_step()
        => Schedule.AssertClose([0.2, 0.18, 0.162, 0.1458], Schedule.Curve(new ExponentialLR(Schedule.Sgd(0.2), 0.9), 4));

    [Fact]
    public void ConstantLR_lets_go_after_its_steps()
        => Schedule.AssertClose([0.025, 0.025, 0.025, 0.025, 0.05, 0.05], Schedule.Curve(new ConstantLR(Schedule.Sgd(0.05), 0.5, 4), 6));

    [Fact]
    public void LinearLR_moves_in_a_straight_line()
        => Schedule.AssertClose([0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05], Schedule.Curve(new LinearLR(Schedule.Sgd(0.05), 0.5, totalIters: 4), 6));

    [Fact]
    public void LinearLR_equals_PyTorchs_recursion()
    {
        const int total = 7;
        var (start, end) = (0.2, 0.9);
        var expected = new double[12];
        expected[0] = 0.3 * start;
        for (var t = 1; t < expected.Length; t++)
        {
            expected[t] = t > total ? expected[t - 1] : expected[t - 1] * (1 + ((end - start) / ((total * start) + ((t - 1) * (end - start)))));
        }

        var actual = Schedule.Curve(new LinearLR(Schedule.Sgd(0.3), start, end, total), 12);

        Schedule.AssertClose(expected, actual);
    }

    [Fact]
    public void PolynomialLR_falls_to_zero_and_stays()
        => Schedule.AssertClose([0.001, 0.00075, 0.0005, 0.00025, 0, 0], Schedule.Curve(new PolynomialLR(Schedule.Sgd(0.001), 4), 6));

    [Fact]
    public void PolynomialLR_equals_PyTorchs_recursion()
    {
        const int total = 6;
        var expected = new double[9];
        expected[0] = 0.4;
        for (var t = 1; t < expected.Length; t++)
        {
            expected[t] = t > total ? expected[t - 1] : expected[t - 1] * Math.Pow((1 - ((double)t / total)) / (1 - ((t - 1.0) / total)), 1.7);
        }

        Schedule.AssertClose(expected, Schedule.Curve(new PolynomialLR(Schedule.Sgd(0.4), total, 1.7), 9));
    }

    [Fact]
    public void Every_group_has_its_own_base()
    {
        var scheduler = new ExponentialLR(Schedule.Sgd(0.1, 0.01), 0.5);

        scheduler.Step();

        Schedule.AssertClose([0.05, 0.005], scheduler.LastLearningRates);
    }

    public static TheoryData<string> Kinds => ["step", "multistep", "exponential", "constant", "linear", "polynomial"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Resuming_draws_the_uninterrupted_curve(string kind)
        => Schedule.AssertResumesExactly(
            () => Schedule.Sgd(0.1),
            optimizer => kind switch
            {
                "step" => new StepLR(optimizer, 3, 0.3),
                "multistep" => new MultiStepLR(optimizer, [2, 5, 6], 0.3),
                "exponential" => new ExponentialLR(optimizer, 0.93),
                "constant" => new ConstantLR(optimizer, 0.3, 6),
                "linear" => new LinearLR(optimizer, 0.1, 1, 6),
                _ => new PolynomialLR(optimizer, 9, 2.5),
            },
            before: 4,
            after: 5);

    [Fact]
    public void Wrong_settings_are_refused_with_the_value()
    {
        var optimizer = Schedule.Sgd(0.1);

        Assert.Throws<ArgumentOutOfRangeException>(() => new StepLR(optimizer, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantLR(optimizer, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearLR(optimizer, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearLR(optimizer, 0.5, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialLR(optimizer, 0));
    }
}
