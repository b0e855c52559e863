using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

public sealed class TrainerDurationTests
{
    private static readonly TrainerOptions Free = Quiet.Options with { MaxEpochs = null };

    public static TheoryData<string, string, string> Limits => new()
    {
        { "3ep", "MaxEpochs", "e3 b0 s15 n60" },
        { "7st", "MaxSteps", "e2 b0 s7 n28" },
        { "7ba", "MaxDuration", "e2 b0 s7 n28" },
        { "25sp", "MaxDuration", "e2 b0 s7 n28" }, // the first batch at or after it
        { "0.5epdur", "MaxDuration", "e1 b0 s2 n8" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void Training_lasts_as_long_as_said_in_any_unit(string duration, string reason, string expected)
    {
        var result = new Trainer(Free with { MaxDuration = Duration.Parse(duration) }).Fit(new TinyModel(), ToyData.Batches(20, 4));

        var progress = result.Progress;
        Assert.Equal(reason, result.StopReason.ToString());
        Assert.Equal(expected, $"e{progress.Epoch} b{progress.BatchInEpoch} s{progress.GlobalStep} n{progress.SamplesSeen}");
    }

    [Fact]
    public void A_time_as_duration_is_the_time_limit_and_its_clock_does_not_run_before_Fit()
    {
        var trainer = new Trainer(Free with { MaxDuration = TimeSpan.FromMilliseconds(300) });
        Thread.Sleep(400);

        var result = trainer.Fit(new TinyModel(), ToyData.Batches(20, 4));

        Assert.Equal(StopReason.MaxTime, result.StopReason);
        Assert.True(result.Progress.GlobalStep > 1);
    }

    [Theory]
    [InlineData("8ba", 8)]
    [InlineData("29sp", 8)]
    [InlineData("8st", 8)]
    [InlineData("2ep", 10)]
    public void A_stop_waits_for_the_minimum_in_any_unit(string minimum, int steps)
    {
        var stop = new LambdaCallback(onTrainBatchEnd: context => context.Trainer.Stop("test"));

        var result = new Trainer(Quiet.Options with { MaxEpochs = 9, MinDuration = Duration.Parse(minimum), Callbacks = [stop] }).Fit(new TinyModel(), ToyData.Batches(20, 4));

        Assert.Equal(steps, result.Progress.GlobalStep);
    }

    [Theory]
    [InlineData("0.5dur", "5 10")]
    [InlineData("0.2dur", "2 4 6 8 10")]
    [InlineData("0.1dur", "1 2 3 4 5 6 7 8 9 10")]
    [InlineData("3st", "3 6 9")]
    [InlineData("4ba", "4 9")] // every 4 batches of each epoch
    [InlineData("10sp", "3 5 8 10")] // batches of 4 that pass a multiple of 10
    [InlineData("2ep", "10")]
    public void Validation_comes_as_often_as_said_in_any_unit(string every, string steps)
    {
        var model = new CountsValidations();

        new Trainer(Quiet.Options with { MaxEpochs = 2, ValCheckInterval = Duration.Parse(every), NumSanityValSteps = 0 }).Fit(model, ToyData.Batches(20, 4), ToyData.Batches(4, 4));

        Assert.Equal(steps, string.Join(' ', model.Steps));
    }

    [Theory]
    [InlineData("4ba", "3 7")]
    [InlineData("10sp", "2 4 7 9")]
    [InlineData("1ep", "4 9")]
    [InlineData("0.5dur", "4 9")]
    [InlineData("5st", "4 9")]
    public void Step_values_are_logged_as_often_as_said_in_any_unit(string every, string steps)
    {
        using var folder = new TempFolder();
        var log = new InMemoryLogger();

        new Trainer(Quiet.Options with { MaxEpochs = 2, LogInterval = Duration.Parse(every), Loggers = [log], EnableReport = false, DefaultRootDir = folder.Path }).Fit(new TinyModel(), ToyData.Batches(20, 4));

        Assert.Equal(steps, string.Join(' ', log.Series("loss").Select(point => point.Step)));
    }

    [Theory]
    [InlineData("4ba", "4 8")]
    [InlineData("10sp", "3 5 8 10")]
    [InlineData("0.5epdur", "3 5 8 10")]
    [InlineData("0.5dur", "5 10")]
    [InlineData("3st", "3 6 9")]
    public void Checkpoints_are_saved_as_often_as_said_in_any_unit(string every, string steps)
    {
        using var folder = new TempFolder();
        var saver = new ModelCheckpoint { SaveEvery = Duration.Parse(every), SaveTopK = -1, DirPath = folder.Path, Filename = "{step}" };

        new Trainer(Quiet.Options with { MaxEpochs = 2, EnableCheckpointing = true, Callbacks = [saver] }).Fit(new TinyModel(), ToyData.Batches(20, 4));

        var saved = Directory.GetFiles(folder.Path, "*.ckpt").Select(file => int.Parse(Path.GetFileNameWithoutExtension(file).Split('=')[1], System.Globalization.CultureInfo.InvariantCulture)).Order();
        Assert.Equal(steps, string.Join(' ', saved));
    }

    [Fact]
    public void Weights_enter_an_average_from_a_moment_on_and_as_often_as_said()
    {
        using var average = new EMAWeightAveraging(0.5) { StartAt = Duration.RunFraction(0.5), UpdateEvery = Every.Batches(2) };

        new Trainer(Quiet.Options with { MaxEpochs = 2, Callbacks = [average] }).Fit(new TinyModel(), ToyData.Batches(20, 4));

        Assert.Equal(3, average.Averaged); // after batches 6, 8 and 10 (batch 5 is the middle)
    }

    [Fact]
    public void Early_stopping_begins_at_a_moment_in_any_unit()
    {
        var stopping = new EarlyStopping("metric") { Patience = 1, StartAt = 10.Batches() };

        var result = new Trainer(Quiet.Options with { MaxEpochs = 9, NumSanityValSteps = 0, Callbacks = [stopping] }).Fit(new ScriptedModel(1.0), ToyData.Batches(20, 4), ToyData.Batches(4, 4));

        Assert.Equal(3, result.Progress.Epoch); // first check after 10 batches, patience spent after 15
    }

    [Fact]
    public void A_part_of_the_run_needs_a_run_with_an_end()
    {
        var options = Quiet.Options with { MaxEpochs = -1, ValCheckInterval = Every.RunFraction(0.1) };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options));

        Assert.Contains("ValCheckInterval = every 0.1 of the run: expected a limit of the run with it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Durations_that_make_no_sense_or_repeat_a_limit_are_refused_together()
    {
        var options = Quiet.Options with { MaxEpochs = 5, MaxDuration = 5.Epochs(), MinDuration = Duration.RunFraction(0.5), LogInterval = Every.Batches(0), LogEveryNSteps = 3 };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options));

        Assert.Contains("have 4 problems", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxDuration = 5ep: expected no MaxEpochs with it (it is 5)", error.Message, StringComparison.Ordinal);
        Assert.Contains("MinDuration = 0.5dur: expected epochs, batches, steps, samples or a time", error.Message, StringComparison.Ordinal);
        Assert.Contains("LogInterval = every 0 batches: expected a positive number", error.Message, StringComparison.Ordinal);
        Assert.Contains("no LogEveryNSteps with it (it is 3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_cannot_be_limited_by_a_part_of_itself()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Free with { MaxDuration = Duration.RunFraction(0.5) }));

        Assert.Contains("MaxDuration = 0.5dur: expected epochs, batches", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Averaging_by_starts_of_epochs_takes_epochs_or_a_part_of_the_run()
    {
        var error = Assert.Throws<ArgumentException>(() => StochasticWeightAveraging.StartingAt(100.Batches(), [0.1]));

        Assert.Contains("was given the start 100ba: expected epochs", error.Message, StringComparison.Ordinal);
    }

    private sealed class CountsValidations : TinyModel
    {
        public List<long> Steps { get; } = [];

        public override void OnValidationStart() => Steps.Add(GlobalStep);
    }
}
