using LightningSharp.Callbacks;
using LightningSharp.Terminal;
using Spectre.Console.Testing;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Terminal;

public sealed class ProgressBarTests
{
    [Fact]
    public void A_run_draws_its_stages_and_one_row_per_epoch()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var trainer = Trainer(time, new ProgressBar(display));

        trainer.Train(new TinyModel { InEvaluation = static (model, _) => model.Log("val_loss", 0.5, progressBar: true) }, TinyModel.Batches(2), TinyModel.Batches(1));

        Assert.Equal(
            [
                "SanityCheck 0/: 0/1", "SanityCheck 0/: 1/1",
                "Fit 0/1: 1/2", "Fit 0/1: 2/2", "validation 0: 1/1", "epoch 0",
                "Fit 1/1: 1/2", "Fit 1/1: 2/2", "validation 1: 1/1", "epoch 1",
            ],
            display.Events);
    }

    [Fact]
    public void Drawings_are_at_most_ten_a_second_however_many_batches_there_are()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var trainer = Trainer(time, new ProgressBar(display), secondsPerBatch: 0.001, epochs: 1);

        trainer.Train(new TinyModel(), TinyModel.Batches(1000));

        Assert.InRange(display.Events.Count(text => text.StartsWith("Fit", StringComparison.Ordinal)), 9, 11);
    }

    [Fact]
    public void The_loss_is_the_mean_of_the_last_twenty_steps_and_the_row_has_the_epochs_mean()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var trainer = Trainer(time, new ProgressBar(display), epochs: 1);

        trainer.Train(new TinyModel(), TinyModel.Batches(30));

        Assert.Equal(Enumerable.Range(11, 20).Average(), display.Losses[^1]!.Value, 5);
        Assert.Equal(Enumerable.Range(1, 30).Average(), Assert.Single(display.Epochs).Metrics.Single(metric => metric.Key == "loss").Value, 5);
    }

    [Fact]
    public void The_running_loss_can_be_left_out()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var trainer = Trainer(time, new ProgressBar(display, showLoss: false), epochs: 1);

        trainer.Train(new TinyModel(), TinyModel.Batches(3));

        Assert.All(display.Losses, loss => Assert.Null(loss));
    }

    [Fact]
    public void A_row_holds_epoch_values_once_and_training_before_validation()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var model = new TinyModel
        {
            InTraining = static (model, index) =>
            {
                model.Log("step_only", index);
                model.Log("both", index, onStep: true, onEpoch: true);
                model.Log("acc", 0.5, onStep: false, onEpoch: true);
            },
            InEvaluation = static (model, _) => model.Log("val_acc", 0.75),
        };

        Trainer(time, new ProgressBar(display), epochs: 1).Train(model, TinyModel.Batches(3), TinyModel.Batches(2));

        var row = Assert.Single(display.Epochs);
        Assert.Equal(["loss", "both", "acc", "val_acc"], row.Metrics.Select(metric => metric.Key));
        Assert.Equal([2, 1, 0.5, 0.75], row.Metrics.Select(metric => metric.Value));
        Assert.Equal(2.0, row.SamplesPerSecond, 3); // two samples a batch, a second each, validation not counted
        Assert.Equal(4, row.Elapsed.TotalSeconds, 3);
    }

    [Fact]
    public void A_sign_of_life_comes_every_thirty_seconds_inside_a_long_epoch()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time, interval: 30, heartbeat: true);
        var trainer = Trainer(time, new ProgressBar(display), secondsPerBatch: 10, epochs: 2);

        trainer.Train(new TinyModel(), TinyModel.Batches(7));

        Assert.Equal(["Fit 0/1: 3/7", "Fit 0/1: 6/7", "epoch 0", "Fit 1/1: 3/7", "Fit 1/1: 6/7", "epoch 1"], display.Events);
    }

    [Fact]
    public void Zero_refreshes_leave_the_rows()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);

        Trainer(time, new ProgressBar(display, refreshesPerSecond: 0)).Train(new TinyModel(), TinyModel.Batches(3));

        Assert.Equal(["epoch 0", "epoch 1"], display.Events);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void After_a_run_the_terminal_holds_the_rows_and_nothing_else(int width)
    {
        using var console = new TestConsole().Width(width).EmitAnsiSequences();
        var time = new ManualTime();
        using var display = new RichDisplay(console, time, guardsConsole: false);
        var model = new TinyModel { InEvaluation = static (model, _) => model.Log("val_loss", 0.25, progressBar: true) };

        Trainer(time, new ProgressBar(display)).Train(model, TinyModel.Batches(3), TinyModel.Batches(1));

        var terminal = new FakeTerminal(width);
        terminal.Play(console.Output);
        Assert.Equal(
            [
                " epoch │     loss │ val_loss │ samples/s │    time",
                "───────┼──────────┼──────────┼───────────┼─────────",
                "     0 │   2.0000 │   0.2500 │      2.00 │   00:03",
                "     1 │   2.0000 │   0.2500 │      2.00 │   00:03",
            ],
            terminal.Screen);
        Assert.Contains("━", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_finds_a_clean_terminal()
    {
        using var console = new TestConsole().Width(80).EmitAnsiSequences();
        var time = new ManualTime();
        using var display = new RichDisplay(console, time, guardsConsole: false);
        var model = new TinyModel { InTraining = static (_, index) => { if (index == 2) throw new InvalidOperationException("broken"); } };

        Assert.Throws<InvalidOperationException>(() => Trainer(time, new ProgressBar(display)).Train(model, TinyModel.Batches(3)));

        var terminal = new FakeTerminal(80);
        terminal.Play(console.Output);
        Assert.Empty(terminal.Screen);
        Assert.Contains("1/3", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fit_inside_a_fit_is_quiet()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var inner = new Trainer(new() { MaxEpochs = 1, Console = ConsoleMode.Quiet, EnableCheckpointing = false, Loggers = [], Callbacks = [new ProgressBar(display), new Banner(display)] });
        var model = new TinyModel { InTraining = (_, index) => { if (index == 0) inner.Train(new TinyModel(), TinyModel.Batches(2)); } };

        Trainer(time, new ProgressBar(display), epochs: 1).Train(model, TinyModel.Batches(2));

        Assert.Equal(1, display.Events.Count(text => text == "finish inner"));
        Assert.Single(display.Epochs);
    }

    [Fact]
    public void The_best_epoch_of_the_monitored_metric_gets_a_star_and_the_end_names_it()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        double[] losses = [0.5, 0.25, 0.75];
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var trainer = new Trainer(new()
            {
                MaxEpochs = 3, Console = ConsoleMode.Quiet, EnableModelSummary = false, Loggers = [], DefaultRootDir = folder.FullName, NumSanityValSteps = 0,
                Callbacks = [new ProgressBar(display), new Banner(display), LightningSharp.Callbacks.ModelCheckpoint.Best("val_loss")],
            });

            trainer.Train(new TinyModel { InEvaluation = (model, _) => model.Log("val_loss", losses[model.CurrentEpoch]) }, TinyModel.Batches(1), TinyModel.Batches(1));

            Assert.Equal([true, true, false], display.Epochs.Select(epoch => epoch.IsBest));
            Assert.Equal(KeyValuePair.Create("val_loss", 0.25), display.Finished!.Best);
            Assert.Contains("epoch=1", display.Finished.Checkpoint, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_metrics_of_the_line_have_the_runs_number()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var trainer = new Trainer(new() { MaxEpochs = 1, Console = ConsoleMode.Quiet, DefaultRootDir = folder.FullName });

            trainer.Train(new TinyModel { InTraining = static (model, _) => model.Log("shown", 3.5, progressBar: true) }, TinyModel.Batches(1));

            Assert.Equal(new Dictionary<string, object> { ["v_num"] = 0, ["shown"] = 3.5 }, ProgressBar.GetMetrics(trainer));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Trainer Trainer(ManualTime time, ProgressBar bar, double secondsPerBatch = 1, int epochs = 2) => new(new()
    {
        MaxEpochs = epochs, Console = ConsoleMode.Quiet, EnableCheckpointing = false, EnableModelSummary = false, Loggers = [],
        Callbacks = [bar, new TickingClock(time, secondsPerBatch)],
    });
}
