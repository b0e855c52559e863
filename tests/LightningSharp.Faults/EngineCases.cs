using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Faults;

/// <summary>Exports are looked up once per process: how a training fares without them is seen in one of its own (LIGHTNINGSHARP_WITHOUT_EXPORTS).</summary>
internal static class EngineCases
{
    /// <summary>Prints the losses of a training with the default engines, then which engines were on; an exception's text instead when it fails.</summary>
    public static int Train(string precision)
    {
        set_num_threads(1);
        manual_seed(4);
        var batches = Enumerable.Range(0, 8).Select(_ => (randn(4, 3, 6, 6), randint(2, [4], dtype: int64))).ToList();
        var model = new Net();
        var trainer = new Trainer(new()
        {
            Accelerator = Accelerator.Cpu, Console = ConsoleMode.Quiet, EnableCheckpointing = false, Loggers = [], MaxEpochs = 1, GradientClipVal = 0.5, Precision = Precision.Parse(precision),
        });
        try
        {
            trainer.Fit(model, batches);
        }
        catch (BackendException exception)
        {
            System.Console.WriteLine(exception.Message);
            return 3;
        }

        System.Console.WriteLine(string.Join(' ', model.Losses.Select(loss => loss.ToString("R", CultureInfo.InvariantCulture))));
        System.Console.WriteLine(string.Join('|', trainer.Engines));
        return 0;
    }

    private sealed class Net : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 2));

        public List<float> Losses { get; } = [];

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = nn.functional.cross_entropy(call(batch.X), batch.Y);
            Losses.Add(loss.ToSingle());
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.AdamW(parameters().ToArray(), 0.01);
    }
}
