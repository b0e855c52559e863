using LightningSharp.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

/// <summary>The first example of docs/schedulers.md, so that it keeps compiling.</summary>
public class DocumentedUseTests
{
    [Fact]
    public void A_schedule_is_returned_with_its_optimizer_and_its_interval()
    {
        using var model = nn.Linear(2, 2);

        var setup = Configure(model.parameters());

        var scheduler = Assert.Single(Assert.Single(setup.Entries).Schedulers);
        Assert.Equal(SchedulerInterval.Step, scheduler.Interval);
        Assert.IsType<WarmupSchedule>(scheduler.Scheduler);
    }

    private static OptimizerSetup Configure(IEnumerable<Parameter> parameters)
    {
        var optimizer = optim.AdamW(parameters, lr: 3e-4, weight_decay: 0.01);
        var schedule = WarmupSchedule.Cosine(optimizer, warmup: Portion.Fraction(0.06));
        return (optimizer, new SchedulerSetup(schedule) { Interval = SchedulerInterval.Step });
    }
}
