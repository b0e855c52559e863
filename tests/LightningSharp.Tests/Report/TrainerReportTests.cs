using LightningSharp.Logging;
using LightningSharp.Report;
using LightningSharp.Tests.Reliability;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Report;

public sealed class TrainerReportTests : IDisposable
{
    private readonly Support.TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fit_leaves_a_report_with_configuration_curves_result_and_command()
    {
        var trainer = new Trainer(Options with { MaxEpochs = 2, GradientClipVal = 0.125 });

        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4));

        var html = Report(trainer);
        Assert.Contains("{\"name\":\"loss\"", html, StringComparison.Ordinal);
        Assert.Contains("<th>GradientClipVal</th><td>0.125</td>", html, StringComparison.Ordinal);
        Assert.Contains("<th>trainable parameters</th><td>10</td>", html, StringComparison.Ordinal);
        Assert.Contains("<td>layer</td><td>Linear</td><td>10</td>", html, StringComparison.Ordinal);
        Assert.Contains("<th>optimizer steps</th><td>4</td>", html, StringComparison.Ordinal);
        Assert.Contains("<h2>Command</h2>", html, StringComparison.Ordinal);
        Assert.Contains(">Succeeded<", html, StringComparison.Ordinal);
    }

    [Fact]
    public void After_an_error_the_report_is_there_and_names_it()
    {
        var trainer = new Trainer(Options);

        Assert.Throws<InvalidOperationException>(() => trainer.Fit(new Failing(), ToyData.Batches(8, 4)));

        var html = Report(trainer);
        Assert.Contains(">Failed<", html, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: the data is &lt;b&gt;bad&lt;/b&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_cancellation_the_report_is_there()
    {
        using var cancel = new CancellationTokenSource();
        var trainer = new Trainer(Options with { MaxEpochs = 100 });

        trainer.Fit(new Failing(cancel), ToyData.Batches(8, 4), cancellation: cancel.Token);

        Assert.Contains(">Interrupted<", Report(trainer), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_costs_the_report_but_not_the_run_nor_the_report_that_was_there()
    {
        using var disk = new SmallDisk();
        var run = Path.Combine(disk.Path, "run");
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, "metrics.csv"), "step,loss\n0,1\n");
        var before = File.ReadAllText(RunReport.Write(run));
        disk.Fill();
        var messages = new RecordedMessages();

        var full = Record.Exception(() => RunReport.Write(run));
        var trainer = new Trainer(Options with { DefaultRootDir = disk.Path, EnableCheckpointing = false, LoggerFactory = messages });
        var result = trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.IsType<IOException>(full, exactMatch: false);
        Assert.Equal(before, File.ReadAllText(Path.Combine(run, RunReport.FileName)));
        Assert.Empty(Directory.GetFiles(run, "*.tmp"));
        Assert.Equal(StopReason.MaxEpochs, result.StopReason);
        Assert.Single(messages.Texts, text => text.Contains("The report in", StringComparison.Ordinal));
    }

    [Fact]
    public void A_killed_runs_report_is_made_later_from_its_record()
    {
        string? before = null;
        var trainer = new Trainer(Options with { EnableReport = true });
        var model = new Failing(inStep: () => before ??= File.ReadAllText(Path.Combine(Directory.GetDirectories(Path.Combine(_folder.Path, "lightning_logs")).Single(), RunRecord.FileName)));
        Assert.Throws<InvalidOperationException>(() => trainer.Fit(model, ToyData.Batches(8, 4)));
        using var killed = new Support.TempFolder();
        File.WriteAllText(Path.Combine(killed.Path, RunRecord.FileName), before); // the record as it lay on disk while the run was going on

        var html = File.ReadAllText(RunReport.Write(killed.Path));

        Assert.Contains("did not end", html, StringComparison.Ordinal);
        Assert.Contains("<td>layer</td><td>Linear</td><td>10</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Switched_off_or_in_a_dev_run_there_is_none()
    {
        foreach (var options in (TrainerOptions[])[Options with { EnableReport = false }, Options with { FastDevRun = true }])
        {
            new Trainer(options).Fit(new TinyModel(), ToyData.Batches(8, 4));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path, "report.html", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(_folder.Path, RunRecord.FileName, SearchOption.AllDirectories));
    }

    [Fact]
    public void A_report_that_cannot_be_written_is_said_once_and_the_run_succeeds()
    {
        var log = new ListLog();
        var trainer = new Trainer(Options with { LoggerFactory = log });
        var model = new Failing(inStep: () => Directory.CreateDirectory(Path.Combine(trainer.RunDirectory!, RunReport.FileName)), fails: false); // a run has a folder

        var result = trainer.Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(StopReason.MaxEpochs, result.StopReason);
        Assert.Contains("could not be written", Assert.Single(log.Lines, line => line.Id == (int)MessageId.ReportFailed).Text, StringComparison.Ordinal);
    }

    private TrainerOptions Options => Quiet.Options with { Loggers = null, DefaultRootDir = _folder.Path, LogEveryNSteps = 1 };

    private static string Report(Trainer trainer) => File.ReadAllText(Path.Combine(trainer.RunDirectory!, RunReport.FileName)); // a run has a folder

    private sealed class Failing(CancellationTokenSource? cancel = null, Action? inStep = null, bool fails = true) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            inStep?.Invoke();
            cancel?.Cancel();
            if (batchIndex == 1 && cancel is null && fails) throw new InvalidOperationException("the data is <b>bad</b>");
            return base.TrainingStep(batch, batchIndex);
        }
    }
}
