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
            var reached = new List<(double Floor, double Ours)>();
            for (var round = 0; round < (settings.Rounds ?? (settings.Quick ? 2 : 7)); round++)
            {
                var floor = batch * ((OperationsPerImage / GemmRate()) + (BytesPerImage / CopyRate())) * 1e3;
                reached.Add((floor, peer.Go(settings.Quick ? 1 : steps).Milliseconds));
            }

            var middle = reached.OrderBy(pair => pair.Floor / pair.Ours).ElementAt(reached.Count / 2);
            Console.WriteLine($"  batch {batch,-18} {middle.Floor,10:0.0} {middle.Ours,10:0.0} {middle.Floor / middle.Ours,8:0.00} {0.55,6:0.00} {(middle.Floor / middle.Ours >= 0.55 ? "" : "MISSED")}");
        }
    }

    /// <summary>Floating-point operations a second of a large matrix product.</summary>
    private static double GemmRate()
    {
        using var scope = NewDisposeScope();
        Tensor a = randn(2048, 2048), b = randn(2048, 2048), result = empty(2048, 2048);
        return Best(() => mm(a, b).Dispose(), 3) is var seconds ? 2.0 * 2048 * 2048 * 2048 / seconds : 0;
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
