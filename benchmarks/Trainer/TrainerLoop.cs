using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace LightningSharp.Benchmarks;

/// <summary>T: the Trainer, with its defaults (the tiny model on ready batches, or with our loader), with ten logged values, or with everything off.</summary>
internal static class TrainerLoop
{
    public static void Run(BenchmarkData data, Worker worker, string style)
    {
        var folder = Directory.CreateTempSubdirectory("lightningsharp-benchmark").FullName;
        var gate = new Gate(worker);
        var options = new TrainerOptions { MaxEpochs = -1, Accelerator = Accelerator.Cpu, DefaultRootDir = folder, Callbacks = [gate], NumSanityValSteps = 0, EnableModelSummary = false };
        if (style == "off")
        {
            options = options with
            {
                Barebones = true, FusedOptimizers = false, ChannelsLast = EngineMode.Off, MemoryPolicy = EngineMode.Off,
            };
        }

        try
        {
            new Trainer(options).Fit(new Classifier(data, style), data.IsCnn || style == "loader" ? data.Loader() : data.ReadyBatches());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Gate(Worker worker) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (!worker.Step(() => context.Loss!.ToSingle())) context.Trainer.Stop("enough"); // the model returns a loss
        }
    }

    private sealed class Classifier(BenchmarkData data, string style) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = data.Network();
        private readonly string[] _names = [.. Enumerable.Range(0, style == "log10" ? 9 : 0).Select(i => $"value{i}")];

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var logits = call(batch.X);
            var loss = F.cross_entropy(logits, batch.Y);
            Log("loss", loss);
            foreach (var name in _names) Log(name, loss);
            if (data.IsCnn) Log("correct", batch.Y.eq(logits.argmax(1)).sum());
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers() => data.Optimizer(this);
    }
}
