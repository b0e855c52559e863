using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Faults;

/// <summary>A training that goes on wherever the last process left it, for the tests to kill. It prints a line per batch.</summary>
internal static class ResumeCases
{
    public static int Train(string folder, string mode)
    {
        manual_seed(11);
        var model = new SmallCnn();
        var random = new Random(4);
        var images = Enumerable.Range(0, 90).Select(_ => Enumerable.Range(0, 64).Select(_ => random.NextSingle()).ToArray()).ToArray();
        using var x = Tensors(images).view(-1, 1, 8, 8);
        using var y = randint(0, 3, [90], dtype: ScalarType.Int64);
        var trainer = new Trainer(new()
        {
            Accelerator = Accelerator.Cpu, EnableProgressBar = false, EnableModelSummary = false, DefaultRootDir = folder, MaxEpochs = 4, LogEveryNSteps = 1,
            AccumulateGradBatches = 2, GradientClipVal = 1, ValCheckInterval = Every.Batches(4), Loggers = [new CsvLogger()],
            CheckpointIO = new Checkpointing.LocalCheckpointIO(background: mode == "background"),
            Callbacks = [new ModelCheckpoint { EveryNTrainSteps = 2, SaveLast = SaveLast.Link }, ModelCheckpoint.Best("val_loss", k: 2), new Announce()],
        });
        var train = new DataLoader<(Tensor X, Tensor Y)>(new TensorDataset(x, y), batchSize: 8, shuffle: true, workers: 2);
        var validation = new DataLoader<(Tensor X, Tensor Y)>(new TensorDataset(x, y), batchSize: 30);
        var result = trainer.Fit(model, train, validation, Resume.Auto);
        System.Console.WriteLine($"ended {result.StopReason} {result.Progress.BatchesSeen}");
        if (result.StopReason == StopReason.Canceled) return 5;
        File.WriteAllLines(Path.Combine(folder, "weights.txt"), model.state_dict().Select(entry => $"{entry.Key} {Convert.ToHexString(entry.Value.bytes)}"));
        File.WriteAllText(Path.Combine(folder, "run.txt"), result.RunDirectory);
        return 0;
    }

    private static Tensor Tensors(float[][] rows)
    {
        using var all = tensor(rows.SelectMany(row => row).ToArray());
        return all.view(rows.Length, -1).clone();
    }

    private sealed class SmallCnn : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> net = Sequential(Conv2d(1, 4, 3, padding: 1), BatchNorm2d(4), ReLU(), Dropout(0.25), Flatten(), Linear(256, 3));

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = functional.cross_entropy(call(batch.X), batch.Y);
            Log("loss", loss, onStep: true, onEpoch: true);
            return loss;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("val_loss", functional.cross_entropy(call(batch.X), batch.Y));

        public override OptimizerSetup ConfigureOptimizers()
        {
            var adam = optim.Adam(parameters().ToArray(), 0.01);
            return (adam, new SchedulerSetup(new CosineAnnealingLR(adam, 24)) { Interval = SchedulerInterval.Step });
        }
    }

    private sealed class Announce : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            System.Console.WriteLine($"batch {context.Trainer.Progress.BatchesSeen}");
            Thread.Sleep(5);
        }
    }
}
