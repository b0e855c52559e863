using LightningSharp.Optimization;
using TorchSharp;

namespace LightningSharp.Tests.Optimization;

public class WarmupScheduleTests
{
    [Fact]
    public void Linear_rises_and_falls()
        => Schedule.AssertClose(
            [0, 5, 10, 8.75, 7.5, 6.25, 5, 3.75, 2.5, 1.25, 0],
            Schedule.Curve(WarmupSchedule.Linear(Schedule.Sgd(10.0), 2, 10), 11));

    [Fact]
    public void Constant_stays_after_the_warm_up()
        => Schedule.AssertClose([0, 2.5, 5, 7.5, 10, 10], Schedule.Curve(WarmupSchedule.Constant(Schedule.Sgd(10.0), 4), 6));

    [Fact]
    public void Cosine_ends_at_zero()
        => Schedule.AssertClose(
            [0, 5, 10, 9.619397662556434, 8.535533905932737, 6.913417161825449, 5, 3.086582838174551, 1.4644660940672627, 0.3806023374435663, 0],
            Schedule.Curve(WarmupSchedule.Cosine(Schedule.Sgd(10.0), 2, 10), 11));

    [Fact]
    public void Cosine_with_restarts_jumps_back()
        => Schedule.AssertClose(
            [0, 5, 10, 8.535533905932738, 5, 1.4644660940672627, 10, 8.535533905932738, 5, 1.4644660940672627, 0],
            Schedule.Curve(WarmupSchedule.CosineWithRestarts(Schedule.Sgd(10.0), 2, 10, 2), 11));

    [Fact]
    public void Polynomial_ends_at_its_last_learning_rate()
        => Schedule.AssertClose(
            [0, 5, 10, 7.65625, 5.625, 3.90625, 2.5, 1.40625, 0.625, 0.15625, 1e-7, 1e-7],
            Schedule.Curve(WarmupSchedule.Polynomial(Schedule.Sgd(10.0), 2, 10, power: 2), 12).Select((rate, t) => t is > 2 and < 10 ? Math.Round(rate, 5) : rate).ToArray());

    [Fact]
    public void Inverse_square_root_falls_from_the_end_of_the_warm_up()
        => Schedule.AssertClose(
            [0, 5, 10, 10 / Math.Sqrt(1.5), 10 / Math.Sqrt(2), 10 / Math.Sqrt(2.5), 10 / Math.Sqrt(3)],
            Schedule.Curve(WarmupSchedule.InverseSqrt(Schedule.Sgd(10.0), 2), 7));

    [Theory]
    [InlineData(DecayCurve.Linear, 7.75, 5.5, 3.25)]
    [InlineData(DecayCurve.Cosine, 8.68198051533946, 5.5, 2.31801948466054)]
    [InlineData(DecayCurve.OneMinusSqrt, 5.5, 3.6360389693210727, 2.2057713659400524)]
    public void Stable_decay_waits_and_then_falls_to_its_minimum(DecayCurve curve, double first, double second, double third)
        => Schedule.AssertClose(
            [0, 5, 10, 10, 10, first, second, third, 1, 1],
            Schedule.Curve(WarmupSchedule.StableDecay(Schedule.Sgd(10.0), 2, 4, 8, 0.1, curve), 10));

    [Fact]
    public void A_warm_up_by_fraction_is_rounded_up_once_the_length_is_known()
    {
        var scheduler = WarmupSchedule.Linear(Schedule.Sgd(10.0), Portion.Fraction(0.15));
        Assert.Equal(0, Schedule.Rate(scheduler.Optimizer));

        ((INeedsTotalSteps)scheduler).TotalSteps = 10;

        Schedule.AssertClose([0, 5, 10, 8.75], Schedule.Curve(scheduler, 4));
    }

    [Fact]
    public void Without_a_warm_up_it_starts_at_the_base_even_before_the_length_is_known()
    {
        var scheduler = WarmupSchedule.Cosine(Schedule.Sgd(10.0));

        Assert.Equal(10, Schedule.Rate(scheduler.Optimizer));
    }

    [Fact]
    public void Stepping_without_a_length_says_how_to_give_it()
    {
        var error = Assert.Throws<InvalidOperationException>(WarmupSchedule.Linear(Schedule.Sgd(1.0)).Step);

        Assert.Contains("Pass totalSteps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_polynomial_cannot_end_above_its_start()
        => Assert.Throws<ArgumentOutOfRangeException>(() => WarmupSchedule.Polynomial(Schedule.Sgd(0.1), 2, 10, endLearningRate: 0.2));

    public static TheoryData<string> Names => ["linear", "cosine", "restarts", "polynomial", "constant", "sqrt", "wsd"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Resuming_draws_the_uninterrupted_curve(string name)
        => Schedule.AssertResumesExactly(() => Schedule.Sgd(0.1, 0.3), optimizer => Named(name, optimizer), 6, 10);

    private static WarmupSchedule Named(string name, torch.optim.Optimizer optimizer) => name switch
    {
        "linear" => WarmupSchedule.Linear(optimizer, 3, 20),
        "cosine" => WarmupSchedule.Cosine(optimizer, Portion.Fraction(0.2), 20),
        "restarts" => WarmupSchedule.CosineWithRestarts(optimizer, 2, 20, 3),
        "polynomial" => WarmupSchedule.Polynomial(optimizer, 2, 20, power: 1.5),
        "constant" => WarmupSchedule.Constant(optimizer, 8),
        "sqrt" => WarmupSchedule.InverseSqrt(optimizer, 4),
        _ => WarmupSchedule.StableDecay(optimizer, 2, Portion.Fraction(0.4), 20),
    };
}
