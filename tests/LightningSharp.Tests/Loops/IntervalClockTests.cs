using LightningSharp.Loops;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Loops;

public class IntervalClockTests
{
    private readonly Trainer _trainer = new(Quiet.Options with { MaxEpochs = 4 });

    [Fact]
    public void A_batch_that_passes_or_meets_a_multiple_makes_it_due_once()
    {
        var clock = Started(Every.Samples(10));
        var due = new List<long>();

        for (var samples = 4; samples <= 40; samples += 4)
        {
            _trainer.Progress = new Progress(SamplesSeen: samples);
            if (clock.IsDue(lastBatch: false)) due.Add(samples);
            clock.Advance();
        }

        Assert.Equal([12, 20, 32, 40], due);
    }

    [Fact]
    public void The_answer_for_a_batch_stays_until_the_clock_advances()
    {
        var clock = Started(Every.Steps(2));
        _trainer.Progress = new Progress(GlobalStep: 2);

        var asked = (clock.IsDue(lastBatch: false), clock.IsDue(lastBatch: false));
        clock.Advance();

        Assert.Equal((true, true), asked);
        Assert.False(clock.IsDue(lastBatch: false)); // a batch without a step
    }

    [Fact]
    public void It_counts_from_where_the_run_starts()
    {
        _trainer.Progress = new Progress(BatchesSeen: 12);
        var clock = Started(Every.Batches(10));

        Assert.False(Due(clock, 12));
        Assert.False(Due(clock, 19));
        Assert.True(Due(clock, 20));
    }

    [Fact]
    public void Parts_of_the_run_are_crossed_like_counts()
    {
        var clock = Started(Every.RunFraction(0.5));
        _trainer.Progress = new Progress(Epoch: 1);
        var quarter = clock.IsDue(lastBatch: true);
        clock.Advance();
        _trainer.Progress = new Progress(Epoch: 2);

        Assert.False(quarter);
        Assert.True(clock.IsDue(lastBatch: true));
    }

    [Fact]
    public void Epochs_are_due_at_their_last_batch()
    {
        var clock = Started(Every.Epochs(2));

        _trainer.Progress = new Progress(Epoch: 0);
        Assert.False(clock.IsDue(lastBatch: true));
        _trainer.Progress = new Progress(Epoch: 1);
        Assert.False(clock.IsDue(lastBatch: false));
        Assert.True(clock.IsDue(lastBatch: true));
        _trainer.Progress = new Progress(Epoch: 2);
        Assert.False(clock.IsDue(lastBatch: true));
    }

    [Fact]
    public void Time_counts_from_the_last_time_it_happened_over_a_restart()
    {
        var clock = Started(Every.Time(TimeSpan.FromHours(1)));
        var atStart = clock.IsDue(lastBatch: false);

        clock.LoadStateDict(new Dictionary<string, object?> { ["seconds"] = 3599.0 });
        var almost = clock.IsDue(lastBatch: false);
        var saved = (double)clock.StateDict()["seconds"]!;
        clock.LoadStateDict(new Dictionary<string, object?> { ["seconds"] = 3600.0 });
        var due = clock.IsDue(lastBatch: false);
        clock.Done();

        Assert.Equal((false, false, true, false), (atStart, almost, due, clock.IsDue(lastBatch: false)));
        Assert.InRange(saved, 3599, 3700);
    }

    [Fact]
    public void A_run_that_goes_on_from_a_batch_that_was_due_finds_it_due()
    {
        var clock = Started(Every.Samples(10));
        _trainer.Progress = new Progress(SamplesSeen: 8);
        _ = clock.IsDue(lastBatch: false);
        clock.Advance();
        _trainer.Progress = new Progress(SamplesSeen: 12);
        _ = clock.IsDue(lastBatch: false);
        var state = clock.StateDict(); // saved before the batch is over

        var again = Started(Every.Samples(10));
        var without = again.IsDue(lastBatch: false);
        again.LoadStateDict(state);

        Assert.Equal(8.0, state["position"]);
        Assert.False(without);
        Assert.True(again.IsDue(lastBatch: false));
    }

    [Fact]
    public void A_state_without_a_position_leaves_it_as_it_is()
    {
        _trainer.Progress = new Progress(SamplesSeen: 12);
        var clock = Started(Every.Samples(10));

        clock.LoadStateDict(new Dictionary<string, object?> { ["seconds"] = 1.0 });

        Assert.False(clock.IsDue(lastBatch: false));
        Assert.Equal(12.0, clock.StateDict()["position"]);
    }

    [Fact]
    public void Before_it_starts_no_time_has_passed()
        => Assert.Equal(0.0, Convert.ToDouble(new IntervalClock(_trainer, Every.Time(TimeSpan.FromHours(1))).StateDict()["seconds"], System.Globalization.CultureInfo.InvariantCulture));

    private bool Due(IntervalClock clock, long batches)
    {
        _trainer.Progress = new Progress(BatchesSeen: batches);
        var due = clock.IsDue(lastBatch: false);
        clock.Advance();
        return due;
    }

    private IntervalClock Started(Every every)
    {
        var clock = new IntervalClock(_trainer, every);
        clock.Start();
        return clock;
    }
}
