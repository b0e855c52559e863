using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch.optim;

namespace LightningSharp.Tests.Optimization;

public class TorchSharpSchedulerTests
{
    [Fact]
    public void The_inner_schedulers_curve_comes_out()
    {
        var optimizer = Schedule.Sgd(0.1);

        var curve = Schedule.Curve(new TorchSharpScheduler(lr_scheduler.StepLR(optimizer, 2, 0.1), optimizer), 5);

        Schedule.AssertClose([0.1, 0.1, 0.01, 0.01, 0.001], curve);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Resuming_replays_the_steps(int before)
        => Schedule.AssertResumesExactly(
            () => Schedule.Sgd(0.1),
            optimizer => new TorchSharpScheduler(lr_scheduler.CosineAnnealingLR(optimizer, 6, 0.01), optimizer),
            before,
            4);

    [Fact]
    public void A_state_of_fewer_steps_than_were_done_is_refused()
    {
        var optimizer = Schedule.Sgd(0.1);
        var scheduler = new TorchSharpScheduler(lr_scheduler.StepLR(optimizer, 2), optimizer);
        var early = scheduler.StateDict();
        scheduler.Step();

        Assert.Throws<InvalidOperationException>(() => scheduler.LoadStateDict(early));
    }

    [Fact]
    public void The_plateau_scheduler_is_refused_with_the_way_out()
    {
        var optimizer = Schedule.Sgd(0.1);

        var error = Assert.Throws<MisconfigurationException>(() => new TorchSharpScheduler(lr_scheduler.ReduceLROnPlateau(optimizer), optimizer));

        Assert.Contains("LightningSharp.Optimization.ReduceLROnPlateau", error.Message, StringComparison.Ordinal);
    }
}
