using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Callbacks;

public class GradientAccumulationSchedulerTests
{
    [Fact]
    public void The_factor_follows_the_epochs()
        => Assert.Equal(12, Fit(new GradientAccumulationScheduler(new() { [0] = 1, [2] = 2 }), 4).Progress.GlobalStep);

    [Fact]
    public void Without_an_entry_for_epoch_0_it_starts_with_1()
        => Assert.Equal(6, Fit(new GradientAccumulationScheduler(new() { [1] = 2 }), 2).Progress.GlobalStep);

    [Fact]
    public void By_steps_a_new_factor_begins_a_new_window_in_mid_epoch()
    {
        var steps = new List<long>();
        var watch = new LambdaCallback(onTrainBatchEnd: c => steps.Add(c.Trainer.GlobalStep));

        new Trainer(Quiet.Options with { Callbacks = [GradientAccumulationScheduler.BySteps(new() { [0] = 1, [3] = 2 }), watch] }).Fit(new TinyModel(), ToyData.Batches(16, 2));

        Assert.Equal([1, 2, 3, 3, 4, 4, 5, 6], steps); // the last window is short
    }

    [Fact]
    public void Bad_schedules_are_refused()
    {
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => new GradientAccumulationScheduler([])).Message, StringComparison.Ordinal);
        Assert.Contains("epoch -1", Assert.Throws<ArgumentException>(() => new GradientAccumulationScheduler(new() { [-1] = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("factor 0", Assert.Throws<ArgumentException>(() => new GradientAccumulationScheduler(new() { [1] = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Trainers_own_factor_must_be_1()
    {
        var options = Quiet.Options with { AccumulateGradBatches = 2, Callbacks = [new GradientAccumulationScheduler(new() { [0] = 2 })] };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options).Fit(new TinyModel(), ToyData.Batches(4, 2)));

        Assert.Contains("AccumulateGradBatches = 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Manual_optimization_is_refused()
    {
        var options = Quiet.Options with { Callbacks = [new GradientAccumulationScheduler(new() { [0] = 2 })] };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options).Fit(new Manual(), ToyData.Batches(4, 2)));

        Assert.Contains("optimizes manually", error.Message, StringComparison.Ordinal);
    }

    private static FitResult Fit(GradientAccumulationScheduler scheduler, int epochs)
        => new Trainer(Quiet.Options with { MaxEpochs = epochs, Callbacks = [scheduler] }).Fit(new TinyModel(), ToyData.Batches(8, 2));

    private sealed class Manual : TinyModel
    {
        public Manual() => AutomaticOptimization = false;

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => null;
    }
}
