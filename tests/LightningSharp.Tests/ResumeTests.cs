using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Logging;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests;

/// <summary>A run that is interrupted anywhere and resumed ends bit for bit where the uninterrupted one does.</summary>
public class ResumeTests
{
    [Fact]
    public void Resuming_from_every_step_gives_the_same_bits_and_the_same_rows()
    {
        using var folder = new TempFolder();
        var all = ModelCheckpoint.Periodic(Every.Steps(1));
        var (whole, rows) = Run(folder.Path + "/whole", all, null);
        var files = Directory.GetFiles(all.Directory!, "*.ckpt").Order(StringComparer.Ordinal).ToList();

        Assert.Equal(9, files.Count); // 3 epochs of 5 batches in windows of 2: 3 steps each
        foreach (var file in files)
        {
            var (resumed, resumedRows) = Run($"{folder.Path}/{Path.GetFileName(file)}", new ModelCheckpoint(), file);
            Assert.Equal(whole, resumed);
            Assert.Equal(rows[^1], resumedRows[^1]);
        }
    }

    [Fact]
    public void Resuming_from_the_end_of_every_epoch_gives_the_same_bits()
    {
        using var folder = new TempFolder();
        var all = ModelCheckpoint.Periodic(Every.Epochs(1));
        var (whole, rows) = Run(folder.Path + "/whole", all, null);

        foreach (var file in Directory.GetFiles(all.Directory!, "*.ckpt"))
        {
            var (resumed, resumedRows) = Run($"{folder.Path}/{Path.GetFileName(file)}", new ModelCheckpoint(), file);
            Assert.Equal(whole, resumed);
            Assert.Equal(rows[^1], resumedRows[^1]);
        }
    }

    [Fact]
    public void A_cancelled_run_is_saved_and_goes_on_exactly()
    {
        using var folder = new TempFolder();
        var (whole, _) = Run(folder.Path + "/whole", new ModelCheckpoint(), null);
        for (var batch = 1; batch < 15; batch++)
        {
            using var cancel = new CancellationTokenSource();
            var checkpoint = new ModelCheckpoint();
            Run($"{folder.Path}/{batch}", checkpoint, null, new CancelAfter(batch, cancel), cancel.Token);

            var (resumed, _) = Run($"{folder.Path}/{batch}-resumed", new ModelCheckpoint(), checkpoint.BestModelPath!);

            Assert.Equal(whole, resumed);
        }
    }

    [Fact]
    public void Auto_starts_fresh_without_a_checkpoint_and_goes_on_in_the_same_folder_with_one()
    {
        using var folder = new TempFolder();
        var options = Quiet.Options with { EnableCheckpointing = true, DefaultRootDir = folder.Path, Loggers = null, MaxEpochs = 2 };

        var first = new Trainer(options).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: Resume.Auto);
        var second = new Trainer(options with { MaxEpochs = 3 }).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: Resume.Auto);

        Assert.Equal(4, first.Progress.GlobalStep);
        Assert.Equal(6, second.Progress.GlobalStep);
        Assert.Equal(first.RunDirectory, second.RunDirectory);
    }

    [Fact]
    public void A_file_with_weights_only_cannot_be_continued_and_says_what_can_be_done()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "weights.ckpt");
        var trainer = new Trainer(Quiet.Options);
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        trainer.SaveCheckpoint(path, weightsOnly: true);

        var error = Assert.Throws<CheckpointException>(() => new Trainer(Quiet.Options).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: path));
        var warm = new Trainer(Quiet.Options).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: Resume.From(path) with { WeightsOnly = true });

        Assert.Contains("WeightsOnly = true", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, warm.Progress.GlobalStep);
    }

    [Fact]
    public void Predict_in_a_new_Trainer_loads_the_weights_of_a_run()
    {
        using var folder = new TempFolder();
        var options = Quiet.Options with { EnableCheckpointing = true, DefaultRootDir = folder.Path, Loggers = null };
        var trained = new TinyModel();
        var result = new Trainer(options).Fit(trained, ToyData.Batches(8, 4));
        var fresh = new TinyModel();

        var predictions = new Trainer(Quiet.Options).Predict(fresh, ToyData.Batches(4, 4), resume: result.BestCheckpoint!);

        trained.eval();
        Assert.True(predictions[0].eq(trained.call(ToyData.Batches(4, 4)[0].X)).all().item<bool>());
    }

    private static (string Weights, List<string> Rows) Run(
        string root, ModelCheckpoint checkpoint, string? resume, Callback? extra = null, CancellationToken cancellation = default)
    {
        manual_seed(resume is null ? 5 : 99);
        var model = new Dropping();
        var memory = new InMemoryLogger();
        var trainer = new Trainer(Quiet.Options with
        {
            EnableCheckpointing = true, DefaultRootDir = root, MaxEpochs = 3, AccumulateGradBatches = 2, LogEveryNSteps = 1, ValCheckInterval = 2, GradientClipVal = 0.5,
            Loggers = [memory], Callbacks = extra is null ? [checkpoint] : [extra, checkpoint],
        });
        trainer.Fit(model, ToyData.Batches(18, 4), ToyData.Batches(8, 4, 100), resume is null ? null : Resume.From(resume), cancellation);
        var weights = string.Join(' ', model.state_dict().Select(entry => $"{entry.Key}={Convert.ToHexString(entry.Value.bytes)}"));
        return (weights, [.. memory.Rows.Select(row => $"{row.Step}: {string.Join(' ', row.Values.OrderBy(metric => metric.Key, StringComparer.Ordinal).Select(metric => $"{metric.Key}={metric.Value:R}"))}")]);
    }

    private sealed class Dropping : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> net = Sequential(Linear(4, 8), Dropout(0.5), ReLU(), Linear(8, 2));

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = functional.mse_loss(call(batch.X), batch.Y);
            Log("loss", loss, onStep: true, onEpoch: true);
            return loss;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("val_loss", functional.mse_loss(call(batch.X), batch.Y));

        public override OptimizerSetup ConfigureOptimizers()
        {
            var adam = optim.Adam(parameters().ToArray(), 0.01);
            return (adam, new SchedulerSetup(new StepLR(adam, 2, 0.7)) { Interval = SchedulerInterval.Step });
        }
    }

    private sealed class CancelAfter(int batch, CancellationTokenSource source) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.Progress.BatchesSeen == batch) source.Cancel();
        }
    }
}
