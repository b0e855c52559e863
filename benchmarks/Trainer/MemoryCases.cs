using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>Memory over many steps.</summary>
internal static class MemoryCases
{
    public static void Leak(BenchmarkSettings settings)
    {
        var (warm, total) = settings.Quick ? (50, 200) : (200, 2000);
        var points = new Points(warm, total);
        var batches = Enumerable.Range(0, 10).Select(_ => (randn(16, 1, 28, 28), randint(10, [16], dtype: int64))).ToList();
        new Trainer(Plain(total) with { Callbacks = [points] }).Fit(new Net(), batches);
        Console.WriteLine();
        Console.WriteLine(
            $"leak_2000: {total - warm} steps after warm-up: {points.Megabytes[1] - points.Megabytes[0]:+0.0;-0.0} MB resident (must 20), {points.Tensors[1] - points.Tensors[0]:+0;-0;0} tensors (must 0)");
    }

    /// <summary>So many steps and nothing beside them.</summary>
    public static TrainerOptions Plain(int steps) => new()
    {
        MaxEpochs = -1, MaxSteps = steps, Accelerator = Accelerator.Cpu, Loggers = [], EnableCheckpointing = false, EnableProgressBar = false, EnableModelSummary = false,
        Console = ConsoleMode.Quiet,
    };

    private sealed class Points(int warm, int total) : Callback
    {
        public List<double> Megabytes { get; } = [];

        public List<long> Tensors { get; } = [];

        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.GlobalStep != warm && context.Trainer.GlobalStep != total) return;
            Megabytes.Add(Environment.WorkingSet / 1e6);
            Tensors.Add(Tensor.TotalCount);
        }
    }

    private sealed class Net : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16 * 49, 10));

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = nn.functional.cross_entropy(call(batch.X), batch.Y);
            Log("loss", loss);
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray());
    }
}
