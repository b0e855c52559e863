using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using Timer = LightningSharp.Callbacks.Timer;

namespace LightningSharp.Tests.Callbacks;

public class TimerTests
{
    [Theory]
    [InlineData(TimerInterval.Step)]
    [InlineData(TimerInterval.Epoch)]
    public void A_time_that_is_spent_stops_training_before_it_begins(TimerInterval interval)
    {
        var hooks = new List<string>();
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 3, Callbacks = [new RecordingCallback(hooks), new Timer("00:00:00:00", interval)] });

        var result = trainer.Fit(new TinyModel(), ToyData.Batches(4, 2));

        Assert.Equal((0, 0L), (result.Progress.Epoch, result.Progress.GlobalStep));
        Assert.DoesNotContain("callback OnTrainStart", hooks);
        Assert.Contains("callback OnFitEnd", hooks);
        Assert.Contains("00:00:00", result.StopMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void The_minimum_of_epochs_holds()
        => Assert.Equal(4, new Trainer(Quiet.Options with { MinEpochs = 2, MaxEpochs = 4, Callbacks = [new Timer(TimeSpan.Zero)] }).Fit(new TinyModel(), ToyData.Batches(4, 2)).Progress.GlobalStep);

    [Fact]
    public void Time_is_measured_by_stage_and_goes_on_after_resuming()
    {
        var timer = new Timer(TimeSpan.FromHours(1));
        new Trainer(Quiet.Options with { Callbacks = [timer], NumSanityValSteps = 0 }).Fit(new TinyModel(), ToyData.Batches(8, 2), ToyData.Batches(4, 2));

        var resumed = new Timer(TimeSpan.FromHours(1));
        resumed.LoadStateDict(timer.StateDict());

        Assert.True(timer.TimeElapsed() > timer.TimeElapsed(Stage.Validate));
        Assert.True(timer.TimeElapsed(Stage.Validate) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, timer.TimeElapsed(Stage.Test));
        Assert.Equal(timer.TimeElapsed().TotalSeconds, resumed.TimeElapsed().TotalSeconds, 1e-6);
        Assert.Equal(timer.EndTime() - timer.StartTime() > 0, timer.TimeRemaining() < TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("12:00")]
    [InlineData("aa:bb:cc:dd")]
    [InlineData("00:25:00:00")]
    [InlineData("00:-1:00:00")]
    public void Another_form_is_refused(string text)
        => Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => new Timer(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Days_to_seconds_are_read()
        => Assert.Equal(new TimeSpan(1, 2, 3, 4), new Timer("01:02:03:04").Duration);

    [Fact]
    public void A_negative_duration_is_refused()
        => Assert.Contains("-00:00:01", Assert.Throws<ArgumentOutOfRangeException>(() => new Timer(TimeSpan.FromSeconds(-1))).Message, StringComparison.Ordinal);
}
