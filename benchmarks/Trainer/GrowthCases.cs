using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>How costs grow with the size of the model, of the data, and with the length of the run: the exponent over the whole range should be one, or none.</summary>
internal static class GrowthCases
{
    private const double Must = 1.15;

    /// <summary>The step by parameter tensors, the epoch by items; beside them the loop by hand, which pays for caches as we do.</summary>
    public static void Linearity(BenchmarkSettings settings)
    {
        Header("linearity: step", "tensors");
        var steps = settings.Quick ? 10 : 60;
        List<(double Size, double Ours, double Peer)> points = [];
        foreach (var layers in (int[])[5, 5, 50, 250, 1000]) // the first one twice: for the compiler
        {
            var watch = new StepTime();
            new Trainer(MemoryCases.Plain(steps) with { Callbacks = [watch] }).Fit(new Deep(layers), Enumerable.Repeat((randn(4, 8), zeros(4, 8)), 10).ToList());
            points.Add((layers * 2, watch.Median, ByHand(layers, steps)));
        }

        Print(points[1..]);
        Header("linearity: epoch", "items");
        points.Clear();
        foreach (var items in (int[])[1_000, 1_000, 10_000, 100_000, 1_000_000, .. settings.Quick ? (int[])[] : [10_000_000]]) points.Add(EpochTimes(items));
        Print(points[1..]);
    }

    /// <summary>The step by the run's length: nothing may pile up.</summary>
    public static void Length(BenchmarkSettings settings)
    {
        var (block, blocks) = settings.Quick ? (2_000, 5) : (10_000, 11);
        var watch = new StepTime();
        using var rows = new Data.TensorDataset(randn(4096, 32), randint(2, [4096], dtype: int64));
        var loader = new Data.DataLoader<(Tensor X, Tensor Y)>(rows, batchSize: 4, shuffle: true, seed: 1);
        var folder = Directory.CreateTempSubdirectory("lightningsharp-benchmark").FullName;
        new Trainer(MemoryCases.Plain(block * blocks) with { Callbacks = [watch], Loggers = null, DefaultRootDir = folder }).Fit(new Tiny(), loader);
        Directory.Delete(folder, recursive: true);
        var times = Enumerable.Range(0, blocks).Select(i => watch.MedianOf(i * block, block)).ToList();
        Console.WriteLine();
        Console.WriteLine($"run_length: median step of each {block:N0} steps, metrics to the default loggers, µs: {string.Join(" ", times.Select(time => $"{time:0.0}"))}");
        var exponent = Slope([.. times.Skip(1).Select((time, i) => ((i + 1.5) * block, time))]);
        Console.WriteLine($"run_length: exponent over steps {block:N0} to {block * blocks:N0}: {exponent:0.000} (must 0.05) {(exponent <= 0.05 ? "" : "MISSED")}");
    }

    private static void Header(string title, string size)
    {
        Console.WriteLine();
        Console.WriteLine($"{title,-20} {size,10} {"ours µs",12} {"each µs",10} {"exponent",9} {"by hand µs",12} {"exponent",9}");
    }

    private static void Print(List<(double Size, double Ours, double Peer)> points)
    {
        for (var i = 0; i < points.Count; i++)
        {
            var (size, ours, peer) = points[i];
            Console.WriteLine($"{"",-20} {size,10} {ours,12:0.0} {ours / size,10:0.000} {Exponent(points, i, point => point.Ours),9} {peer,12:0.0} {Exponent(points, i, point => point.Peer),9}");
        }

        var (all, hand) = (Slope([.. points.Select(point => (point.Size, point.Ours))]), Slope([.. points.Select(point => (point.Size, point.Peer))]));
        Console.WriteLine($"{"",-20} {"all",10} {"",12} {"",10} {all,9:0.00} {"",12} {hand,9:0.00}  (must {Must:0.00}) {(all <= Must ? "" : "MISSED")}");
    }

    private static string Exponent(List<(double Size, double Ours, double Peer)> points, int i, Func<(double Size, double Ours, double Peer), double> time)
        => i == 0 ? "" : $"{Math.Log(time(points[i]) / time(points[i - 1])) / Math.Log(points[i].Size / points[i - 1].Size):0.00}";

    // Least squares in the logarithms.
    private static double Slope((double Size, double Time)[] points)
    {
        var (x, y) = (points.Select(point => Math.Log(point.Size)).ToArray(), points.Select(point => Math.Log(point.Time)).ToArray());
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }

    // By hand: a permutation, and batches gathered by it. Random reads of more memory than the caches hold cost both the same misses.
    private static (double Items, double Ours, double Peer) EpochTimes(int items)
    {
        using var x = zeros(items);
        using var y = zeros(items);
        using var data = new Data.TensorDataset(x, y);
        var loader = new Data.DataLoader<(Tensor X, Tensor Y)>(data, batchSize: 1000, shuffle: true, seed: 1);
        return (items, MedianTime(Ours), MedianTime(ByHand));

        void Ours()
        {
            foreach (var (a, b) in loader)
            {
                a.Dispose();
                b.Dispose();
            }
        }

        void ByHand()
        {
            using var order = randperm(items);
            for (var start = 0; start < items; start += 1000)
            {
                using var scope = NewDisposeScope();
                var rows = order.narrow(0, start, Math.Min(1000, items - start));
                _ = x.index_select(0, rows);
                _ = y.index_select(0, rows);
            }
        }
    }

    private static double MedianTime(Action epoch)
    {
        var warm = Stopwatch.GetTimestamp();
        do epoch();
        while (Stopwatch.GetElapsedTime(warm).TotalSeconds < 0.4);
        List<double> times = [];
        for (var begun = Stopwatch.GetTimestamp(); times.Count < 3 || (times.Count < 101 && Stopwatch.GetElapsedTime(begun).TotalSeconds < 0.5);)
        {
            var start = Stopwatch.GetTimestamp();
            epoch();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static double ByHand(int layers, int steps)
    {
        using var network = Layers(layers);
        using var optimizer = optim.Adam(network.parameters().ToArray());
        using var x = randn(4, 8);
        using var y = zeros(4, 8);
        List<double> times = [];
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            optimizer.zero_grad();
            var loss = nn.functional.mse_loss(network.call(x), y);
            loss.backward();
            optimizer.step();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static nn.Module<Tensor, Tensor> Layers(int layers)
        => nn.Sequential(Enumerable.Range(0, layers).Select(i => ($"{i}", (nn.Module<Tensor, Tensor>)nn.Linear(8, 8))));

    private sealed class StepTime : Callback
    {
        private readonly List<double> _times = [];
        private long _last;

        public double Median => MedianOf(0, _times.Count);

        public double MedianOf(int start, int count) => _times.Skip(start).Take(count).Order().ElementAt(count / 2);

        public override void OnTrainBatchStart(BatchContext context) => _last = Stopwatch.GetTimestamp();

        public override void OnTrainBatchEnd(TrainBatchEndContext context) => _times.Add(Stopwatch.GetElapsedTime(_last).TotalMicroseconds);
    }

    private sealed class Deep(int layers) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = Layers(layers);

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => nn.functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray());
    }

    private sealed class Tiny : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = nn.Linear(32, 2);

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = nn.functional.cross_entropy(call(batch.X), batch.Y);
            Log("loss", loss);
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.01);
    }
}
