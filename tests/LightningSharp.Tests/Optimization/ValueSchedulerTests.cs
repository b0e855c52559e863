using LightningSharp.Optimization;

namespace LightningSharp.Tests.Optimization;

public class ValueSchedulerTests
{
    [Fact]
    public void The_value_is_written_from_the_start_and_after_each_step()
    {
        List<double> written = [];
        var scheduler = new ValueScheduler(step => step * 2, written.Add);

        scheduler.Step();
        scheduler.Step();

        Assert.Equal([0, 2, 4], written);
        Assert.Equal(4, scheduler.Value);
    }

    [Fact]
    public void A_loaded_state_goes_on_with_its_value()
    {
        var first = new ValueScheduler(Curves.Piecewise((0, 1), (10, 0)), _ => { });
        first.Step();
        first.Step();
        var written = double.NaN;
        var second = new ValueScheduler(Curves.Piecewise((0, 1), (10, 0)), value => written = value);

        second.LoadStateDict(first.StateDict());

        Assert.Equal((2L, 0.8), (second.LastEpoch, written));
    }
}
