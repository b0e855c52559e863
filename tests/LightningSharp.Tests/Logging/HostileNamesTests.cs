using LightningSharp.Logging;
using LightningSharp.Report;
using LightningSharp.Report.Runs;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Logging;

/// <summary>Names, numbers and texts that nobody would choose, through the Trainer into every file and back.</summary>
public sealed class HostileNamesTests : IDisposable
{
    private static readonly string[] Names =
    [
        "a/b", "ünïcødé", "龍 🐉", "=cmd|' /C calc'!A0", "</script><script>alert(1)</script>", "line\nbreak", "tab\tquote\"comma,semi;", "\u001b[31mred", "zero\0byte",
        "..", "a\\b", "%s%n{0}", "\ud83d", new string('x', 5_000), "\u202egnp.exe", "__proto__", "step ", "NaN",
    ];

    private readonly Support.TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_logger_takes_every_name_and_value_and_the_report_shows_them_as_text()
    {
        var log = new ListLog();
        var trainer = new Trainer(Quiet.Options with
        {
            Loggers = [new CsvLogger(), new JsonLinesLogger(), new TensorBoardLogger(), new InMemoryLogger()], DefaultRootDir = _folder.Path, LogEveryNSteps = 1, LoggerFactory = log,
        });

        trainer.Fit(new Hostile(), ToyData.Batches(12, 4));

        Assert.DoesNotContain(log.Lines, line => line.Id == (int)MessageId.LoggerFailed);
        var html = File.ReadAllText(Path.Combine(trainer.RunDirectory!, RunReport.FileName)); // a run has a folder
        Assert.Equal(2, html.Split("<script").Length - 1);
        Assert.DoesNotContain("\u001b", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CsvLogger.FileName)]
    [InlineData(JsonLinesLogger.FileName)]
    [InlineData("events.out.tfevents.*")]
    public void Each_file_alone_gives_every_series_back_with_its_NaN_and_infinities(string keep)
    {
        var trainer = new Trainer(Quiet.Options with
        {
            Loggers = [new CsvLogger(), new JsonLinesLogger(), new TensorBoardLogger()], DefaultRootDir = _folder.Path, LogEveryNSteps = 1,
        });
        trainer.Fit(new Hostile(), ToyData.Batches(12, 4));
        var kept = Directory.GetFiles(trainer.RunDirectory!, keep); // a run has a folder
        foreach (var file in Directory.GetFiles(trainer.RunDirectory!).Except(kept)) File.Delete(file);

        using var run = new Run(trainer.RunDirectory!);
        run.Refresh();

        Assert.True(run.Names.Count() >= Names.Length, string.Join(" | ", run.Names));
        Assert.Equal([double.NaN, double.PositiveInfinity, double.NegativeInfinity], run.Find("a/b")!.Values.ToArray()); // named above
        Assert.Equal([double.NaN, double.PositiveInfinity, double.NegativeInfinity], run.Find("龍 🐉")!.Values.ToArray());
    }

    private sealed class Hostile : TinyModel
    {
        public override IReadOnlyDictionary<string, object?> HyperParameters => Names.ToDictionary(name => name, name => (object?)name);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            foreach (var name in Names)
            {
                Log(name, batchIndex switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => double.NegativeInfinity });
                if (batchIndex > 0) continue;
                LogImage(name, zeros(1, 2, 2));
                LogHistogram(name, tensor(new[] { 1f, float.NaN, float.PositiveInfinity }));
                LogText(name, name);
                LogTable(name, [name], [[name], [null], [double.NaN]]);
            }

            return Loss(batch);
        }
    }
}
