using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch.optim;

namespace LightningSharp.Tests.Optimization;

public class CyclicLRTests
{
    [Fact]
    public void Triangular_cycles_are_alike()
        => Schedule.AssertClose(
            [1, 2, 3, 4, 5, 4, 3, 2, 1, 2],
            Schedule.Curve(new CyclicLR(Schedule.Sgd(0.1), 1.0, 5.0, 4), 10));

    [Fact]
    public void Triangular2_halves_each_cycle()
        => Schedule.AssertClose(
            [1, 3, 5, 3, 1, 2, 3, 2, 1, 1.5],
            Schedule.Curve(new CyclicLR(Schedule.Sgd(0.1), 1.0, 5.0, 2, mode: CyclicMode.Triangular2), 10));

    [Fact]
    public void Exponential_range_shrinks_with_the_step()
        => Schedule.AssertClose(
            [1, 1 + (2 * 0.9), 1 + (4 * 0.81), 1 + (2 * 0.729), 1, 1 + (2 * 0.59049)],
            Schedule.Curve(new CyclicLR(Schedule.Sgd(0.1), 1.0, 5.0, 2, mode: CyclicMode.ExponentialRange, gamma: 0.9), 6));

    [Fact]
    public void Up_and_down_may_differ_in_length()
        => Schedule.AssertClose([1, 5, 4, 3, 2, 1, 5], Schedule.Curve(new CyclicLR(Schedule.Sgd(0.1), 1.0, 5.0, 1, 4), 7));

    [Fact]
    public void A_scale_of_ones_own_replaces_the_mode()
        => Schedule.AssertClose([1, 1 + (4 * 0.5), 1, 1 + (4 * 0.25)], Schedule.Curve(new CyclicLR(Schedule.Sgd(0.1), 1.0, 5.0, 1, scale: cycle => Math.Pow(0.5, cycle)), 4));

    [Fact]
    public void Momentum_moves_the_other_way()
    {
        var optimizer = Schedule.Sgd(0.1);
        var scheduler = new CyclicLR(optimizer, 1.0, 5.0, 2);
        var group = (IMomentum)optimizer.ParamGroups.First();

        Assert.Equal(0.9, group.Momentum);
        scheduler.Step();
        Schedule.AssertClose([0.85], [group.Momentum]);
        scheduler.Step();
        Schedule.AssertClose([0.8], [group.Momentum]);
    }

    [Theory]
    [InlineData(CyclicMode.Triangular)]
    [InlineData(CyclicMode.Triangular2)]
    [InlineData(CyclicMode.ExponentialRange)]
    public void Resuming_draws_the_uninterrupted_curve(CyclicMode mode)
        => Schedule.AssertResumesExactly(() => Schedule.Sgd(0.1), optimizer => new CyclicLR(optimizer, 0.01, 0.3, 3, 2, mode, 0.97), 7, 9);
}
