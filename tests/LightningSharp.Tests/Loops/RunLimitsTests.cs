using LightningSharp.Loops;

namespace LightningSharp.Tests.Loops;

public class RunLimitsTests
{
    private static readonly TrainerOptions Endless = new() { MaxEpochs = -1 };

    [Theory]
    [InlineData(4, 0, StopReason.None)]
    [InlineData(5, 0, StopReason.MaxSteps)]
    [InlineData(6, 0, StopReason.MaxSteps)]
    [InlineData(0, 2, StopReason.None)]
    [InlineData(0, 3, StopReason.MaxEpochs)]
    [InlineData(5, 3, StopReason.MaxSteps)] // named first
    public void A_limit_is_reached_with_its_last_step_or_epoch(long steps, int epochs, StopReason expected)
    {
        var limits = new RunLimits(new() { MaxSteps = 5, MaxEpochs = 3 });
        var progress = new Progress(Epoch: epochs, GlobalStep: steps);

        Assert.Equal(expected, limits.Reason(progress));
        Assert.Equal(expected != StopReason.None, limits.IsSpent(progress));
    }

    [Theory]
    [InlineData(6, 0, StopReason.None)]
    [InlineData(7, 0, StopReason.MaxDuration)]
    [InlineData(8, 0, StopReason.MaxDuration)]
    public void A_duration_in_batches_is_reached_with_its_last_batch(long batches, long samples, StopReason expected)
    {
        var limits = new RunLimits(Endless with { MaxDuration = 7.Batches() });
        var progress = new Progress(BatchesSeen: batches, SamplesSeen: samples);

        Assert.Equal(expected, limits.Reason(progress));
        Assert.Equal(expected != StopReason.None, limits.IsSpentInEpoch(progress));
    }

    [Theory]
    [InlineData(24, false)]
    [InlineData(25, true)]
    [InlineData(28, true)]
    public void A_duration_in_samples_is_reached_with_the_batch_that_holds_the_last(long samples, bool expected)
        => Assert.Equal(expected, new RunLimits(Endless with { MaxDuration = Duration.Samples(25) }).IsSpentInEpoch(new Progress(SamplesSeen: samples)));

    [Fact]
    public void Epochs_do_not_end_a_run_in_mid_epoch()
        => Assert.False(new RunLimits(new() { MaxEpochs = 3 }).IsSpentInEpoch(new Progress(Epoch: 3)));

    [Fact]
    public void Minus_one_is_no_limit()
    {
        var limits = new RunLimits(new() { MaxEpochs = -1, MaxSteps = -1 });

        Assert.Equal((null, null), (limits.MaxEpochs, limits.MaxSteps));
        Assert.False(limits.IsSpent(new Progress(Epoch: 1_000_000, GlobalStep: 1_000_000)));
    }

    [Fact]
    public void Zero_is_a_limit_that_is_reached_at_once()
    {
        Assert.Equal(StopReason.MaxEpochs, new RunLimits(new() { MaxEpochs = 0 }).Reason(default));
        Assert.Equal(StopReason.MaxSteps, new RunLimits(new() { MaxEpochs = -1, MaxSteps = 0 }).Reason(default));
    }

    [Theory]
    [InlineData(0.5, 5, 2L)]
    [InlineData(0.5, 1, 1L)] // at least one batch
    [InlineData(1.0, 4, 4L)]
    public void A_part_of_an_epoch_is_so_many_batches_once_its_length_is_known(double fraction, int length, long batches)
    {
        var limits = new RunLimits(Endless with { MaxDuration = Duration.EpochFraction(fraction) });

        limits.SetEpochLength(length);

        Assert.Equal(batches, limits.MaxBatches);
    }

    [Fact]
    public void A_part_of_an_epoch_of_unknown_length_is_refused_and_other_durations_do_not_ask()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new RunLimits(Endless with { MaxDuration = Duration.EpochFraction(0.5) }).SetEpochLength(null));
        var batches = new RunLimits(Endless with { MaxDuration = 7.Batches() });
        var none = new RunLimits(Endless);

        batches.SetEpochLength(null);
        none.SetEpochLength(null);

        Assert.Contains("0.5epdur needs a training loader whose length is known", error.Message, StringComparison.Ordinal);
        Assert.Equal((7L, null), (batches.MaxBatches, none.MaxBatches));
    }

    [Theory]
    [InlineData(1, 9, false)]
    [InlineData(2, 8, false)]
    [InlineData(2, 9, true)]
    [InlineData(3, 10, true)]
    public void A_stop_waits_for_both_minima(int epoch, long steps, bool expected)
        => Assert.Equal(expected, new RunLimits(Endless with { MinEpochs = 2, MinSteps = 9 }).CanStopEarly(new Progress(Epoch: epoch, GlobalStep: steps)));

    [Theory]
    [InlineData("8ba", 7, 99, false)]
    [InlineData("8ba", 8, 0, true)]
    [InlineData("30sp", 99, 29, false)]
    [InlineData("30sp", 0, 30, true)]
    public void A_minimum_duration_counts_in_its_own_unit(string minimum, long batches, long samples, bool expected)
    {
        var limits = new RunLimits(Endless with { MinDuration = Duration.Parse(minimum) });

        Assert.Equal(expected, limits.CanStopEarly(new Progress(BatchesSeen: batches, SamplesSeen: samples)));
    }

    [Theory]
    [InlineData(59.9, false)]
    [InlineData(60, true)]
    public void A_minimum_of_time_counts_the_time_of_earlier_parts_of_the_run(double used, bool expected)
    {
        var limits = new RunLimits(Endless with { MinDuration = TimeSpan.FromMinutes(1) }) { UsedBefore = TimeSpan.FromSeconds(used) };

        Assert.Equal(expected, limits.CanStopEarly(default));
    }

    [Theory]
    [InlineData(59.9, false)]
    [InlineData(60, true)]
    [InlineData(61, true)]
    public void The_time_is_up_with_its_last_moment(double used, bool expected)
        => Assert.Equal(expected, new RunLimits(Endless with { MaxTime = TimeSpan.FromMinutes(1) }) { UsedBefore = TimeSpan.FromSeconds(used) }.TimeIsUp);

    [Fact]
    public void The_clock_runs_from_its_start_to_its_stop_on_top_of_what_was_used()
    {
        var limits = new RunLimits(Endless) { UsedBefore = TimeSpan.FromHours(1) };
        var before = limits.Elapsed;

        limits.StartClock();
        Assert.True(SpinWait.SpinUntil(() => limits.Elapsed > TimeSpan.FromHours(1), TimeSpan.FromSeconds(20)));
        limits.StopClock();
        var stopped = limits.Elapsed;
        Thread.Sleep(2);

        Assert.Equal(TimeSpan.FromHours(1), before);
        Assert.InRange(stopped, TimeSpan.FromHours(1).Add(TimeSpan.FromTicks(1)), TimeSpan.FromHours(2));
        Assert.Equal(stopped, limits.Elapsed);
        Assert.Equal(stopped, limits.UsedBefore);
    }

    [Theory]
    [InlineData(1, true, 0, false)]
    [InlineData(2, false, 0, false)]
    [InlineData(2, true, 0, true)]
    [InlineData(3, true, 0, true)]
    [InlineData(0, false, 20, true)]
    public void The_last_step_is_the_last_batch_of_the_last_epoch_or_the_one_that_spends_a_limit(int epoch, bool lastBatch, long steps, bool expected)
        => Assert.Equal(expected, new RunLimits(new() { MaxEpochs = 3, MaxSteps = 20 }).IsLastStep(new Progress(Epoch: epoch, GlobalStep: steps), lastBatch));

    [Fact]
    public void The_step_after_which_the_time_is_up_is_the_last()
        => Assert.True(new RunLimits(Endless with { MaxTime = TimeSpan.FromMinutes(1) }) { UsedBefore = TimeSpan.FromMinutes(2) }.IsLastStep(default, lastBatch: false));

    [Fact]
    public void The_part_that_is_done_is_that_of_the_nearest_limit()
    {
        var epochs = new RunLimits(new() { MaxEpochs = 4 });
        var middle = new Progress(Epoch: 1, BatchInEpoch: 2, GlobalStep: 6, BatchesSeen: 6, SamplesSeen: 24);

        Assert.Equal(0.375, epochs.FractionDone(middle, 4));
        Assert.Equal(0.25, epochs.FractionDone(middle, null)); // the batches of the epoch cannot be counted
        Assert.Equal(0.25, epochs.FractionDone(middle, 0));
        Assert.Equal(0.6, new RunLimits(new() { MaxEpochs = 4, MaxSteps = 10 }).FractionDone(middle, 4));
        Assert.Equal(0.375, new RunLimits(new() { MaxEpochs = 4, MaxSteps = 100 }).FractionDone(middle, 4));
        Assert.Equal(0.75, new RunLimits(Endless with { MaxDuration = 8.Batches() }).FractionDone(middle, 4));
        Assert.Equal(0.5, new RunLimits(Endless with { MaxDuration = Duration.Samples(48) }).FractionDone(middle, 4));
        Assert.Equal(0.25, new RunLimits(Endless with { MaxTime = TimeSpan.FromSeconds(12) }) { UsedBefore = TimeSpan.FromSeconds(3) }.FractionDone(middle, 4));
    }

    [Fact]
    public void The_part_that_is_done_is_never_more_than_all_and_unknown_without_a_limit()
    {
        Assert.Equal(1, new RunLimits(new() { MaxEpochs = 4 }).FractionDone(new Progress(Epoch: 9), 4));
        Assert.Equal(1, new RunLimits(new() { MaxEpochs = 0 }).FractionDone(default, 4)); // nothing of nothing
        Assert.Equal(0, new RunLimits(new() { MaxEpochs = 4 }).FractionDone(default, 4));
        Assert.Null(new RunLimits(Endless).FractionDone(default, 4));
    }

    [Fact]
    public void The_minimum_is_named_as_it_was_given()
    {
        Assert.Equal("MinDuration = 8ba", new RunLimits(Endless with { MinDuration = 8.Batches() }).MinimumText);
        Assert.Equal("MinEpochs = 2, MinSteps = 9", new RunLimits(Endless with { MinEpochs = 2, MinSteps = 9 }).MinimumText);
        Assert.Equal("MinEpochs = 0, MinSteps = 0", new RunLimits(Endless).MinimumText);
    }
}
