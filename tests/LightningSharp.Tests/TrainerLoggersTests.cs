using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests;

/// <summary>TP9: the loggers of a Trainer can be exchanged between its runs.</summary>
public class TrainerLoggersTests
{
    [Fact]
    public void Loggers_that_are_set_before_a_run_take_the_place_of_the_options()
    {
        using var folder = new TempFolder();
        var (first, second) = (new InMemoryLogger(), new InMemoryLogger());
        var trainer = new Trainer(Options(folder, first));

        trainer.Logger = second;
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Same(second, trainer.Logger);
        Assert.Empty(first.Rows);
        Assert.NotEmpty(second.Rows);
        Assert.Equal(RunStatus.Succeeded, second.Status);
    }

    [Fact]
    public void A_logger_that_is_appended_between_two_runs_sees_the_second_one_in_the_same_folder()
    {
        using var folder = new TempFolder();
        var (first, second) = (new InMemoryLogger(), new InMemoryLogger());
        var trainer = new Trainer(Options(folder, first));
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        var (rows, directory) = (first.Rows.Count, trainer.RunDirectory);

        trainer.Loggers = [.. trainer.Loggers, second];
        trainer.MaxEpochs = 2;
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal(directory, trainer.RunDirectory);
        Assert.Equal(first.Rows.Skip(rows).Select(row => row.Step), second.Rows.Select(row => row.Step));
        Assert.NotEmpty(second.Rows);
    }

    [Fact]
    public void A_new_logger_with_a_folder_of_its_own_takes_the_run_there()
    {
        using var folder = new TempFolder();
        var trainer = new Trainer(Options(folder, new InMemoryLogger()));
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        var before = trainer.RunDirectory;

        trainer.Logger = new CsvLogger(Path.Combine(folder.Path, "elsewhere"));
        trainer.MaxEpochs = 2;
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.StartsWith(Path.Combine(folder.Path, "elsewhere"), trainer.RunDirectory, StringComparison.Ordinal);
        Assert.NotEqual(before, trainer.RunDirectory);
        Assert.True(File.Exists(Path.Combine(trainer.RunDirectory!, CsvLogger.FileName)));
    }

    [Fact]
    public void A_logger_that_had_failed_gets_another_chance_when_it_is_set_again()
    {
        using var folder = new TempFolder();
        var logger = new Fails();
        var trainer = new Trainer(Options(folder, logger) with { LoggerFactory = new ListLog() });
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        (logger.Broken, trainer.MaxEpochs) = (false, 2);
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        Assert.Equal(0, logger.Rows);

        trainer.Loggers = trainer.Loggers;
        trainer.MaxEpochs = 3;
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.True(logger.Rows > 0);
    }

    [Fact]
    public void What_cannot_be_is_refused_with_the_reason()
    {
        var trainer = new Trainer(Quiet.Options);
        var inside = new Trainer(Quiet.Options with { Callbacks = [new LambdaCallback(onTrainStart: c => c.Trainer.Logger = new InMemoryLogger())] });

        var missing = Assert.Throws<ArgumentException>(() => trainer.Loggers = [null!]);
        var barebones = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { Barebones = true, Loggers = null }).Logger = new InMemoryLogger());
        var running = Assert.Throws<InvalidOperationException>(() => inside.Fit(new TinyModel(), ToyData.Batches(4, 4)));
        trainer.Logger = null;

        Assert.Contains("null entry", missing.Message, StringComparison.Ordinal);
        Assert.Contains("Barebones = true", barebones.Message, StringComparison.Ordinal);
        Assert.Contains("while the Trainer is running (Fit)", running.Message, StringComparison.Ordinal);
        Assert.Empty(trainer.Loggers);
    }

    private static TrainerOptions Options(TempFolder folder, IMetricLogger logger) => Quiet.Options with { Loggers = [logger], DefaultRootDir = folder.Path, LogEveryNSteps = 1, EnableReport = false };

    private sealed class Fails : IMetricLogger
    {
        public bool Broken { get; set; } = true;

        public int Rows { get; private set; }

        public string? Directory => null;

        public void Start(RunInfo run)
        {
            if (Broken) throw new InvalidOperationException("no connection");
        }

        public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step) => Rows++;

        public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
        {
        }

        public void Flush()
        {
        }

        public void Finish(RunStatus status)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
