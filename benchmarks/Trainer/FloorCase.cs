using System.Diagnostics;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>The least that the net's arithmetic and memory traffic can take on this machine, from peaks measured here, against the Trainer's step in the same run.</summary>
internal static class FloorCase
{
    private const double OperationsPerImage = 88.9e6, BytesPerImage = 3.6e6; // docs: forward and backward of the net; unfused activations

    public static void Run(BenchmarkSettings settings)
    {
        Console.WriteLine();
        Console.WriteLine($"{"cnn_floor",-26} {"floor ms",10} {"ours ms",10} {"reached",8} {"must",6}");
        foreach (var (batch, steps) in ((int, int)[])[(64, 20), (256, 6), (2048, 2)])
        {
            using var peer = Peer.Ours("Trainer", "cnn", "default", batch);
            peer.Go(2);
            var times = new List<double>();
            double operations = 0, bytes = 0;
            for (var round = 0; round < (settings.Rounds ?? (settings.Quick ? 2 : 7)); round++)
            {
                // a peak is the best of all rounds, the step the median
                (operations, bytes) = (Math.Max(operations, GemmRate()), Math.Max(bytes, CopyRate()));
                times.Add(peer.Go(settings.Quick ? 1 : steps).Milliseconds);
            }

            var floor = batch * ((OperationsPerImage / operations) + (BytesPerImage / bytes)) * 1e3;
            var ours = times.Order().ElementAt(times.Count / 2);
            Console.WriteLine($"  batch {batch,-18} {floor,10:0.0} {ours,10:0.0} {floor / ours,8:0.00} {0.55,6:0.00} {(floor / ours >= 0.55 ? "" : "MISSED")}   (peaks: {operations / 1e9:0} GFLOP/s, {bytes / 1e9:0} GB/s)");
        }
    }

    /// <summary>Floating-point operations a second of the matrix product, the best of three sizes.</summary>
    private static double GemmRate()
    {
        using var scope = NewDisposeScope();
        var best = 0.0;
        foreach (var size in (ReadOnlySpan<long>)[1024, 2048, 4096])
        {
            Tensor a = randn(size, size), b = randn(size, size);
            best = Math.Max(best, 2.0 * size * size * size / Best(() => mm(a, b).Dispose(), 4));
        }

        return best;
    }

    /// <summary>Bytes a second, read and written, of a copy that fits no cache.</summary>
    private static double CopyRate()
    {
        using var scope = NewDisposeScope();
        Tensor from = zeros(32 << 20), to = zeros(32 << 20);
        return 2.0 * 4 * (32 << 20) / Best(() => to.copy_(from), 3);
    }

    private static double Best(Action action, int times)
    {
        action();
        var best = double.MaxValue;
        for (var i = 0; i < times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
