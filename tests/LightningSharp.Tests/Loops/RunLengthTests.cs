using LightningSharp.Loops;

namespace LightningSharp.Tests.Loops;

public class RunLengthTests
{
    private static readonly TrainerOptions Endless = new() { MaxEpochs = -1 };

    [Theory]
    [InlineData(5, 1, 15)]
    [InlineData(5, 2, 9)] // the last window of each epoch has one batch
    [InlineData(4, 2, 6)]
    [InlineData(5, 9, 3)]
    public void A_window_that_the_end_of_the_epoch_cuts_takes_a_step(int batches, int factor, long expected)
        => Assert.Equal(expected, Steps(new() { MaxEpochs = 3 }, batches, factor: factor));

    [Theory]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(6, 2)]
    [InlineData(8, 3)]
    [InlineData(10, 4)]
    [InlineData(11, 4)]
    public void A_window_that_the_end_of_the_run_cuts_takes_none(int batches, long expected)
        => Assert.Equal(expected, Steps(Endless with { MaxDuration = batches.Batches() }, epochBatches: 5, factor: 3));

    [Fact]
    public void Epochs_end_a_run_whose_batches_are_not_spent()
    {
        Assert.Equal(6, Steps(new() { MaxEpochs = 2, MaxDuration = 12.Batches() }, epochBatches: 5, factor: 2));
        Assert.Equal(4, Steps(new() { MaxEpochs = 2, MaxDuration = 7.Batches() }, epochBatches: 5, factor: 2));
    }

    [Theory]
    [InlineData(6, 3)]
    [InlineData(7, 3)]
    public void Batches_of_a_loader_of_unknown_length_are_counted_in_whole_windows(int batches, long expected)
        => Assert.Equal(expected, Steps(Endless with { MaxDuration = batches.Batches() }, epochBatches: null, factor: 2));

    [Theory]
    [InlineData(6, 3)]
    [InlineData(7, 4)]
    [InlineData(8, 4)]
    public void Optimizers_that_step_together_share_a_limit_of_steps(long steps, long expected)
        => Assert.Equal(expected, Steps(Endless with { MaxSteps = steps }, epochBatches: 5, together: 2));

    [Fact]
    public void The_nearest_limit_counts()
    {
        Assert.Equal(7, Steps(new() { MaxEpochs = 3, MaxSteps = 7 }, 5));
        Assert.Equal(15, Steps(new() { MaxEpochs = 3, MaxSteps = 70 }, 5));
    }

    [Fact]
    public void Without_a_limit_that_can_be_counted_nobody_knows()
    {
        Assert.Null(Steps(Endless, epochBatches: 5));
        Assert.Null(Steps(new() { MaxEpochs = 3 }, epochBatches: null));
        Assert.Equal(7, Steps(new() { MaxEpochs = 3, MaxSteps = 7 }, epochBatches: null));
    }

    private static long? Steps(TrainerOptions options, int? epochBatches, int together = 1, int factor = 1)
        => new RunLength(new RunLimits(options), epochBatches, together, factor, schedule: null).SteppingBatches();
}
