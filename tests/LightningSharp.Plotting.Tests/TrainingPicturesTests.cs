using LightningSharp.Logging;
using LightningSharp.Metrics.Classification;
using LightningSharp.Report;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Plotting.Tests;

/// <summary>Pictures of a real training: drawn, logged, in the report.</summary>
public sealed class TrainingPicturesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ls-plot-").FullName;

    public void Dispose()
    {
        // LIGHTNINGSHARP_KEEP_PLOTS names a folder for people who want to look at them
        if (Environment.GetEnvironmentVariable("LIGHTNINGSHARP_KEEP_PLOTS") is { Length: > 0 } keep)
        {
            foreach (var file in Directory.GetFiles(_folder, "*.png", SearchOption.AllDirectories)) File.Copy(file, Path.Combine(keep, Path.GetFileName(file)), overwrite: true);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Confusion_matrix_and_curves_of_metrics_are_logged_as_images_and_stand_in_the_report()
    {
        var trainer = new Trainer(Options with { Loggers = [new CsvLogger(), new JsonLinesLogger()] });

        trainer.Fit(new Classifier(), Batches, Batches);

        var pictures = Directory.GetFiles(Path.Combine(trainer.RunDirectory!, "media"), "*.png"); // a run has a folder
        Assert.Equal(3, pictures.Length);
        var html = File.ReadAllText(Path.Combine(trainer.RunDirectory!, RunReport.FileName));
        Assert.Equal(3, html.Split("data:image/png;base64,").Length - 1);
        Assert.Contains("confusion", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_of_a_fit_is_drawn_by_one_call()
    {
        var result = new Trainer(Options).Fit(new Classifier(), Batches, Batches);

        var png = result.History.PlotCurves(Path.Combine(_folder, "new", "loss.png"));
        var svg = result.History.PlotCurves(Path.Combine(_folder, "acc.svg"), "val_acc");

        Assert.True(new FileInfo(png).Length > 2_000);
        Assert.Contains("epoch", File.ReadAllText(svg), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_was_not_logged_is_refused_with_those_that_were()
    {
        var result = new Trainer(Options).Fit(new Classifier(), Batches, Batches);

        var error = Assert.Throws<ArgumentException>(() => result.History.Curves("val_lossss"));

        Assert.Contains("val_lossss", error.Message, StringComparison.Ordinal);
        Assert.Contains("val_loss,", error.Message + ",", StringComparison.Ordinal);
    }

    [Fact]
    public void Another_ending_than_png_or_svg_is_refused()
        => Assert.Contains("loss.gif", Assert.Throws<ArgumentException>(() => new ScottPlot.Plot().SaveTo("loss.gif")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tensor_that_is_no_curve_or_no_matrix_is_refused_with_its_shape()
    {
        Assert.Contains("[2, 2, 2]", Assert.Throws<ArgumentException>(() => ConfusionMatrixPlot.Create(zeros(2, 2, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("[4, 5]", Assert.Throws<ArgumentException>(() => RatePlots.Roc(zeros(4, 5))).Message, StringComparison.Ordinal);
        Assert.Contains("1 names and 2 curves", Assert.Throws<ArgumentException>(() => RatePlots.Roc(zeros(2, 3, 5), ["a"])).Message, StringComparison.Ordinal);
    }

    private TrainerOptions Options => new()
    {
        Accelerator = Accelerator.Cpu, EnableProgressBar = false, EnableModelSummary = false, EnableCheckpointing = false, Loggers = [], DefaultRootDir = _folder, MaxEpochs = 1,
    };

    private static List<(Tensor X, Tensor Y)> Batches { get; } = [.. Enumerable.Range(0, 3).Select(i => (arange(24, ScalarType.Float32).sin().reshape(6, 4), tensor(new long[] { 0, 1, 2, 0, 1, i })))];

    private sealed class Classifier : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> layer = Linear(4, 3);
        private readonly MulticlassAccuracy accuracy = new(3);
        private readonly MulticlassConfusionMatrix confusion = new(3);
        private readonly MulticlassROC roc = new(3);
        private readonly MulticlassPrecisionRecallCurve precisionRecall = new(3, thresholds: 20);

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = functional.cross_entropy(call(batch.X), batch.Y);
            Log("loss", loss, onEpoch: true);
            return loss;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var logits = call(batch.X);
            Log("val_loss", functional.cross_entropy(logits, batch.Y));
            accuracy.Update(logits, batch.Y);
            Log("val_acc", accuracy);
            confusion.Update(logits, batch.Y);
            roc.Update(logits, batch.Y);
            precisionRecall.Update(logits, batch.Y);
        }

        public override void OnValidationEpochEnd()
        {
            string[] names = ["cat", "dog", "<b>bird</b>"];
            LogImage("confusion", ConfusionMatrixPlot.Create(confusion.Compute(), names).ToImage());
            LogImage("roc", RatePlots.Roc(roc.Compute(), names).ToImage());
            LogImage("pr", RatePlots.PrecisionRecall(precisionRecall.Compute(), names).ToImage());
            confusion.Reset();
            roc.Reset();
            precisionRecall.Reset();
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
    }
}
