using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>Memory over many steps, and how costs grow.</summary>
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

    public static void Linearity(BenchmarkSettings settings)
    {
        Console.WriteLine();
        Console.WriteLine($"{"linearity: step time",-34} {"tensors",8} {"µs",10} {"exponent",9} (must 1.15 between neighbours)");
        (int Size, double Time)? last = null;
        foreach (var layers in (int[])[5, 50, 250, 1000])
        {
            var watch = new StepTime();
            new Trainer(Plain(settings.Quick ? 10 : 60) with { Callbacks = [watch] }).Fit(new Deep(layers), Enumerable.Repeat((randn(4, 8), zeros(4, 8)), 10).ToList());
            Print(layers * 2, watch.Microseconds);
        }

        last = null;
        Console.WriteLine($"{"linearity: epoch time",-34} {"items",8} {"µs",10} {"exponent",9}");
        foreach (var items in (int[])[1_000, 10_000, 100_000, 1_000_000, .. settings.Quick ? (int[])[] : [10_000_000]])
        {
            using var data = new Data.TensorDataset(zeros(items), zeros(items));
            var loader = new Data.DataLoader<(Tensor X, Tensor Y)>(data, batchSize: 1000, shuffle: true, seed: 1);
            foreach (var (x, y) in loader) Free(x, y);
            var start = Stopwatch.GetTimestamp();
            foreach (var (x, y) in loader) Free(x, y);
            Print(items, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        void Print(int size, double time)
        {
            var exponent = last is { } before ? Math.Log(time / before.Time) / Math.Log((double)size / before.Size) : double.NaN;
            Console.WriteLine($"{"",-34} {size,8} {time,10:0.0} {exponent,9:0.00}");
            last = (size, time);
        }
    }

    private static void Free(Tensor x, Tensor y)
    {
        x.Dispose();
        y.Dispose();
    }

    private static TrainerOptions Plain(int steps) => new()
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

    private sealed class StepTime : Callback
    {
        private readonly List<double> _times = [];
        private long _last;

        public double Microseconds => _times.Order().ElementAt(_times.Count / 2);

        public override void OnTrainBatchStart(BatchContext context) => _last = Stopwatch.GetTimestamp();

        public override void OnTrainBatchEnd(TrainBatchEndContext context) => _times.Add(Stopwatch.GetElapsedTime(_last).TotalMicroseconds);
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

    private sealed class Deep(int layers) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = nn.Sequential(Enumerable.Range(0, layers).Select(i => ($"{i}", (nn.Module<Tensor, Tensor>)nn.Linear(8, 8))));

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => nn.functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray());
    }
}
