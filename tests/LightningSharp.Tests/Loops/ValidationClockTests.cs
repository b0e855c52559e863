using LightningSharp.Loops;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Loops;

public class ValidationClockTests
{
    [Theory]
    [InlineData(0.5, 5, "2 4")]
    [InlineData(0.1, 5, "1 2 3 4 5")] // at least one batch apart
    [InlineData(1.0, 5, "5")]
    [InlineData(0.34, 6, "2 4 6")]
    public void A_fraction_of_the_epoch_is_a_whole_number_of_batches(double fraction, int length, string expected)
        => Assert.Equal(expected, DueIn(Quiet.Options with { ValCheckInterval = Every.Fraction(fraction) }, length));

    [Theory]
    [InlineData(2, "2 4")]
    [InlineData(5, "5")]
    public void Batches_are_counted_in_each_epoch(int batches, string expected)
        => Assert.Equal(expected, DueIn(Quiet.Options with { ValCheckInterval = Every.Batches(batches) }, 5));

    [Fact]
    public void Batches_are_counted_across_epochs_when_no_epoch_is_named()
    {
        var (trainer, clock) = Clock(Quiet.Options with { ValCheckInterval = Every.Batches(7), CheckValEveryNEpoch = null }, 5);

        trainer.Progress = new Progress(Epoch: 1, BatchInEpoch: 2, BatchesSeen: 7);
        var seventh = clock.IsDue(lastBatch: false);
        trainer.Progress = new Progress(Epoch: 1, BatchInEpoch: 7, BatchesSeen: 12);

        Assert.True(seventh);
        Assert.False(clock.IsDue(lastBatch: true));
    }

    [Fact]
    public void A_whole_epoch_of_unknown_length_ends_with_its_last_batch()
    {
        var (_, clock) = Clock(Quiet.Options, length: null);

        Assert.False(clock.IsDue(lastBatch: false));
        Assert.True(clock.IsDue(lastBatch: true));
    }

    [Fact]
    public void A_part_of_an_epoch_of_unknown_length_is_refused_when_there_is_validation()
    {
        var options = Quiet.Options with { ValCheckInterval = Every.Fraction(0.5) };

        var error = Assert.Throws<MisconfigurationException>(() => Clock(options, length: null));
        _ = Clock(options, length: null, enabled: false);

        Assert.Contains("needs a training loader whose length is known", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_batches_than_an_epoch_has_would_never_be_due_and_are_refused()
    {
        var options = Quiet.Options with { ValCheckInterval = Every.Batches(6) };

        var error = Assert.Throws<MisconfigurationException>(() => Clock(options, 5));
        _ = Clock(options, 6);
        _ = Clock(options, length: null);
        _ = Clock(options with { CheckValEveryNEpoch = null }, 5);
        _ = Clock(options, 5, enabled: false);

        Assert.Contains("ValCheckInterval = 6 batches, but an epoch has only 5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "0 1 2 3 4 5")]
    [InlineData(2, "1 3 5")]
    [InlineData(3, "2 5")]
    [InlineData(null, "0 1 2 3 4 5")]
    public void Every_nth_epoch_validates(int? every, string expected)
        => Assert.Equal(expected, ValidatingEpochs(Quiet.Options with { CheckValEveryNEpoch = every, ValCheckInterval = every is null ? Every.Batches(1) : Every.Fraction(1) }));

    [Fact]
    public void Epochs_as_the_interval_beat_the_other_option()
    {
        var options = Quiet.Options with { ValCheckInterval = Every.Epochs(3) };
        var (_, clock) = Clock(options, 5);

        Assert.Equal("2 5", ValidatingEpochs(options));
        Assert.False(clock.IsDue(lastBatch: false));
        Assert.True(clock.IsDue(lastBatch: true));
    }

    [Fact]
    public void Steps_are_due_when_they_are_crossed_and_once()
    {
        var (trainer, clock) = Clock(Quiet.Options with { ValCheckInterval = Every.Steps(3) }, 5);

        trainer.Progress = new Progress(GlobalStep: 4); // two optimizers
        var due = clock.IsDue(lastBatch: false);
        clock.Advance();

        Assert.True(due);
        Assert.False(clock.IsDue(lastBatch: false));
    }

    [Fact]
    public void Time_counts_from_the_last_validation_over_a_restart()
    {
        var (_, clock) = Clock(Quiet.Options with { ValCheckInterval = TimeSpan.FromHours(1) }, 5);
        clock.LoadStateDict(new Dictionary<string, object?> { ["seconds"] = 3600.0 });

        var due = clock.IsDue(lastBatch: false);
        var state = clock.StateDict();
        clock.Validated();

        Assert.True(due);
        Assert.InRange((double)state["seconds"]!, 3600, 3700);
        Assert.False(clock.IsDue(lastBatch: false));
    }

    private static string DueIn(TrainerOptions options, int length)
    {
        var (trainer, clock) = Clock(options, length);
        var due = new List<int>();
        for (var batch = 1; batch <= length; batch++)
        {
            trainer.Progress = new Progress(BatchInEpoch: batch, BatchesSeen: 100 + batch);
            if (clock.IsDue(batch == length)) due.Add(batch);
        }

        return string.Join(' ', due);
    }

    private static string ValidatingEpochs(TrainerOptions options)
    {
        var (trainer, clock) = Clock(options, 5);
        return string.Join(' ', Enumerable.Range(0, 6).Where(epoch =>
        {
            trainer.Progress = new Progress(Epoch: epoch);
            return clock.IsValidatingEpoch();
        }));
    }

    private static (Trainer Trainer, ValidationClock Clock) Clock(TrainerOptions options, int? length, bool enabled = true)
    {
        var trainer = new Trainer(options);
        var clock = new ValidationClock(trainer);
        clock.Start(length, enabled);
        return (trainer, clock);
    }
}
