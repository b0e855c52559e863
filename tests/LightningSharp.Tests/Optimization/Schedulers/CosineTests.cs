using LightningSharp.Optimization;

namespace LightningSharp.Tests.Optimization;

public class CosineTests
{
    [Fact]
    public void CosineAnnealingLR_passes_through_known_points()
        => Schedule.AssertClose(
            [1.0, 0.1 + (0.9 * 0.8535533905932737), 0.55, 0.1 + (0.9 * 0.14644660940672624), 0.1],
            Schedule.Curve(new CosineAnnealingLR(Schedule.Sgd(1.0), 4, 0.1), 5));

    [Fact]
    public void CosineAnnealingLR_equals_PyTorchs_recursion_beyond_its_end()
    {
        const int tMax = 5;
        const double min = 0.002;
        var expected = new double[23];
        expected[0] = 0.1;
        for (var t = 1; t < expected.Length; t++)
        {
            expected[t] = (t - 1 - tMax) % (2 * tMax) == 0
                ? expected[t - 1] + ((0.1 - min) * (1 - Math.Cos(Math.PI / tMax)) / 2)
                : ((1 + Math.Cos(Math.PI * t / tMax)) / (1 + Math.Cos(Math.PI * (t - 1) / tMax)) * (expected[t - 1] - min)) + min;
        }

        Schedule.AssertClose(expected, Schedule.Curve(new CosineAnnealingLR(Schedule.Sgd(0.1), tMax, min), 23));
    }

    [Fact]
    public void Warm_restarts_jump_back_after_each_period_and_lengthen_it()
    {
        // Periods of 2, 4 and 8 steps: (1 + cos(pi * position / length)) / 2.
        double[] expected =
        [
            1, 0.5,
            1, 0.8535533905932737, 0.5, 0.14644660940672624,
            1, 0.9619397662556434, 0.8535533905932737, 0.6913417161825449, 0.5,
        ];

        Schedule.AssertClose(expected, Schedule.Curve(new CosineAnnealingWarmRestarts(Schedule.Sgd(1.0), 2, 2), 11));
    }

    [Fact]
    public void Warm_restarts_save_their_position_for_Python()
    {
        var scheduler = new CosineAnnealingWarmRestarts(Schedule.Sgd(1.0), 2, 2, 0.1);
        for (var i = 0; i < 5; i++)
        {
            scheduler.Step();
        }

        var state = scheduler.StateDict();

        Assert.Equal((2L, 4L, 2L, 0.1, 3L), (state["T_0"], state["T_i"], state["T_mult"], state["eta_min"], state["T_cur"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resuming_draws_the_uninterrupted_curve(bool restarts)
        => Schedule.AssertResumesExactly(
            () => Schedule.Sgd(0.1, 0.03),
            optimizer => restarts ? new CosineAnnealingWarmRestarts(optimizer, 3, 2, 0.001) : new CosineAnnealingLR(optimizer, 7, 0.001),
            before: 6,
            after: 9);
}
