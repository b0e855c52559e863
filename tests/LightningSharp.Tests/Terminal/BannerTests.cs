using LightningSharp.Callbacks;
using LightningSharp.Terminal;
using TorchSharp;

namespace LightningSharp.Tests.Terminal;

public sealed class BannerTests
{
    [Fact]
    public void A_plain_run_is_a_short_text_without_control_characters()
    {
        using var file = new StringWriter();
        var time = new ManualTime();
        var display = new PlainDisplay(file, time);
        var model = new TinyModel { InEvaluation = static (model, _) => model.Log("val_loss", 0.25) };

        Trainer(time, display, 12).Train(model, TinyModel.Batches(4), TinyModel.Batches(1));

        var lines = file.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.StartsWith("LightningSharp ", lines[0], StringComparison.Ordinal);
        Assert.Equal("  run     nothing is written", lines[2]);
        Assert.StartsWith("  engines ", lines[3], StringComparison.Ordinal); // which ones depends on the machine
        lines.RemoveAt(3);
        Assert.Equal(
            [
                "+-----------------------------------------------------+",
                "| # | Name | Type   | Params | Mode  | Output | FLOPs |",
                "|---+------+--------+--------+-------+--------+-------|",
                "| 0 | fc   | Linear |     10 | train | [2, 2] |    32 |",
                "+-----------------------------------------------------+",
                "  10 trainable | 0 frozen | 10 total | 0.000 MB",
                "  1 module in train mode | 0 in eval mode | 32 FLOPs per forward pass",
            ],
            lines[3..10]);
        Assert.Equal(
            [
                "epoch 0/1 3/4 (75%) | 00:36<00:12 | 12.00 s/it | loss 2.0000",
                " epoch |     loss | val_loss | samples/s |    time",
                "-------+----------+----------+-----------+---------",
                "     0 |   2.5000 |   0.2500 |      0.17 |   00:54",
                "epoch 1/1 3/4 (75%) | 00:36<00:12 | 12.00 s/it | loss 2.2857",
                "     1 |   2.5000 |   0.2500 |      0.17 |   00:54",
                "finished: MaxEpochs = 2 reached | 1 min 54 s",
            ],
            lines[^7..]);
        Assert.DoesNotContain(file.ToString(), sign => sign is '\e' or > '\u007e' || (char.IsControl(sign) && sign is not ('\n' or '\r')));
        Assert.All(lines, line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public void A_list_that_is_wider_than_the_terminal_goes_on_below_its_first_part()
    {
        using var file = new StringWriter();
        var (first, second) = (new string('a', 70), new string('b', 60));

        new PlainDisplay(file, new ManualTime()).PrintList("  engines ", [first, second, "c"]);

        Assert.Equal([$"  engines {first},", $"          {second}, c"], file.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void The_banner_tells_versions_device_seed_and_hints()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var trainer = new Trainer(new()
        {
            FastDevRun = true, Seed = 42, Accelerator = Accelerator.Cpu, Console = ConsoleMode.Quiet, Callbacks = [new Banner(display)],
        });

        trainer.Train(new TinyModel(), TinyModel.Batches(2));

        var facts = display.Started!;
        Assert.Equal(("0.107.0", "2.10.0", "cpu", "32-true", 42L), (facts.TorchSharp, facts.LibTorch, facts.Device, facts.Precision, facts.Seed));
        Assert.Equal(torch.get_num_threads(), facts.Threads);
        Assert.Null(facts.RunDirectory);
        Assert.Contains(facts.Hints, hint => hint.Text.Contains("quick development run: 1 batch of each stage", StringComparison.Ordinal));
        Assert.Equal(["start", "finish"], display.Events);
        Assert.Equal("MaxSteps = 1 reached", display.Finished!.Reason);
    }

    [Fact]
    public void The_lines_at_the_start_and_the_end_look_like_this()
    {
        var start = RunText.Start(
            new()
            {
                Version = "0.1.0", TorchSharp = "0.107.0", LibTorch = "2.10.0", Runtime = "10.0.12", Device = "cpu", Threads = 16, HasGpu = false, Precision = "32-true", Seed = 42,
                RunDirectory = Path.Join(Environment.CurrentDirectory, "lightning_logs", "version_3"),
            },
            Glyphs.Unicode);
        var end = RunText.Finish(new("MaxEpochs = 5 reached", TimeSpan.FromSeconds(38), new("val_acc", 0.98441), "/elsewhere/last.ckpt", null), 4, Glyphs.Unicode);

        Assert.Equal(
            [
                "⚡ LightningSharp 0.1.0 · TorchSharp 0.107.0 (libtorch 2.10.0) · .NET 10.0.12",
                "  device  cpu · 16 threads · no GPU    precision 32-true    seed 42",
                $"  run     {Path.Join("lightning_logs", "version_3")}",
            ],
            start.Select(line => line.ToString()));
        Assert.Equal(["✓ finished: MaxEpochs = 5 reached · 38 s · best val_acc 0.9844 at epoch 4", "  checkpoint  /elsewhere/last.ckpt"], end.Select(line => line.ToString()));
    }

    [Fact]
    public void Early_stopping_marks_its_best_epoch_and_says_why_it_ended()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        double[] losses = [0.5, 0.25, 0.75, 0.8];
        var trainer = new Trainer(new()
        {
            MaxEpochs = 9, Console = ConsoleMode.Quiet, EnableModelSummary = false, EnableCheckpointing = false, Loggers = [], NumSanityValSteps = 0,
            Callbacks = [new ProgressBar(display), new Banner(display), new LightningSharp.Callbacks.EarlyStopping("val_loss") { Patience = 2 }],
        });

        trainer.Train(new TinyModel { InEvaluation = (model, _) => model.Log("val_loss", losses[model.CurrentEpoch]) }, TinyModel.Batches(1), TinyModel.Batches(1));

        Assert.Equal([true, true, false, false], display.Epochs.Select(epoch => epoch.IsBest));
        Assert.Equal(KeyValuePair.Create("val_loss", 0.25), display.Finished!.Best);
        Assert.Contains("val_loss", display.Finished.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_run_says_where_it_was_and_not_that_it_finished()
    {
        using var file = new StringWriter();
        var time = new ManualTime();
        using var source = new CancellationTokenSource();
        var model = new TinyModel { InTraining = (_, index) => { if (index == 1) source.Cancel(); } };

        Trainer(time, new PlainDisplay(file, time), 1).Fit(model, TinyModel.Batches(3), cancellation: source.Token);

        Assert.Contains("canceled: epoch 0, batch 2 | 2.0 s", file.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("finished", file.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_run_says_where_and_what()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var model = new TinyModel { InTraining = static (_, index) => { if (index == 1) throw new InvalidOperationException("broken\nsecond line"); } };

        Assert.Throws<InvalidOperationException>(() => Trainer(time, display, 1).Train(model, TinyModel.Batches(3)));

        Assert.Equal("epoch 0, batch 1", display.Failed!.Place);
        Assert.Equal(("InvalidOperationException", "broken"), (display.Failed.Exception, display.Failed.Message));
        Assert.Equal("fail", display.Events[^1]);
    }

    [Fact]
    public void A_run_that_fails_between_batches_names_the_hook_and_no_batch()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var breaks = new LambdaCallback(onTrainEnd: static _ => throw new InvalidOperationException("broken"));

        Assert.Throws<InvalidOperationException>(() => Trainer(time, display, 1, breaks).Train(new TinyModel(), TinyModel.Batches(3)));

        Assert.Equal("in OnTrainEnd, after 2 epochs", display.Failed!.Place);
    }

    [Fact]
    public void A_run_that_was_stopped_says_who_asked_for_it()
    {
        var time = new ManualTime();
        var display = new RecordingDisplay(time);
        var stops = new LambdaCallback(onTrainBatchEnd: static c => c.Trainer.Stop("enough for today"));

        Trainer(time, display, 5, stops).Train(new TinyModel(), TinyModel.Batches(3));

        Assert.EndsWith(": enough for today", display.Finished!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_prints_its_results_as_a_table()
    {
        using var file = new StringWriter();
        var time = new ManualTime();
        var model = new TinyModel { InEvaluation = static (model, _) => { model.Log("test_loss", 0.25); model.Log("test_acc", 0.96875); } };

        Trainer(time, new PlainDisplay(file, time), 1).Evaluate(model, TinyModel.Batches(2));

        Assert.Equal(
            [
                "+----------------------------+",
                "| Test metric | DataLoader 0 |",
                "|-------------+--------------|",
                "| test_acc    |       0.9688 |",
                "| test_loss   |       0.2500 |",
                "+----------------------------+",
            ],
            file.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    private static Trainer Trainer(ManualTime time, Display display, double secondsPerBatch, params Callback[] more) => new(new()
    {
        MaxEpochs = 2, Console = ConsoleMode.Quiet, EnableCheckpointing = false, Loggers = [],
        Callbacks = [new Banner(display), new ModelSummary(display), new ProgressBar(display), new TickingClock(time, secondsPerBatch), .. more],
    });
}
