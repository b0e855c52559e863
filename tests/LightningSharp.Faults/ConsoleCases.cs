using LightningSharp.Terminal;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Faults;

/// <summary>A run to look at: slow steps, several metrics, a line of the user's own log in every epoch. The tests show it in a real terminal.</summary>
internal static class ConsoleCases
{
    public static int Train()
    {
        using var provider = new ConsoleLogProvider();
        var log = provider.CreateLogger("data");
        var trainer = new Trainer(new() { MaxEpochs = 3, Loggers = [], EnableCheckpointing = false, Accelerator = Accelerator.Cpu, Seed = 1 });
        trainer.Fit(new Slow(log), Batches(20), Batches(3));
        return 0;
    }

    private static List<(Tensor X, Tensor Y)> Batches(int count) => [.. Enumerable.Range(0, count).Select(_ => (rand(4, 8), rand(4, 1)))];

    private sealed class Slow(ILogger log) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> layer = nn.Linear(8, 1);

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Thread.Sleep(40);
#pragma warning disable CA1848, CA2254 // a program to look at, not a hot path
            if (batchIndex == 10) log.LogInformation($"the user's own line of epoch {Trainer.CurrentEpoch}");
#pragma warning restore CA1848, CA2254
            if (batchIndex == 12) Print($"printed in epoch {CurrentEpoch}");
            var loss = nn.functional.mse_loss(call(batch.X), batch.Y);
            Log("train_loss", loss, progressBar: true);
            return loss;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = nn.functional.mse_loss(call(batch.X), batch.Y);
            foreach (var name in (string[])["val_loss", "val_a_metric_with_a_long_name", "val_another_metric", "val_acc"]) Log(name, loss, progressBar: true);
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.01);
    }
}
