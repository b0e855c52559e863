using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Diagnostics;

/// <summary>What a device can do at most: the fastest matrix product found, in the type that a precision computes in.</summary>
internal static class DevicePeak
{
    private const double Enough = 0.02; // seconds of one timing
    private const long Smallest = 256, Largest = 8192;

    /// <summary>Floating-point operations a second. Takes a few tenths of a second, draws no random numbers.</summary>
    public static double Measure(Device device, Precision precision)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var type = precision.InputType ?? ScalarType.Float32;
        using var forward = precision.Forward();
        var best = 0.0;
        for (var size = Smallest; size <= Largest; size *= 2)
        {
            var (rate, once) = Rate(size, type, device);
            best = Math.Max(best, rate);
            if (once > Enough) break; // a larger product would take eight times as long, and this one fills the device already
        }

        return best;
    }

    private static (double Rate, double Once) Rate(long size, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(size, size, type, device), b = ones(size, size, type, device);
        var times = 1;
        var best = double.MaxValue;
        _ = Time(a, b, 1, device); // caches, and the kernel's own choice
        for (var round = 0; round < 3; round++)
        {
            var elapsed = Time(a, b, times, device);
            best = Math.Min(best, elapsed / times);
            if (elapsed > 5 * Enough) break;
            times = Math.Clamp((int)(Enough / best), 1, 1000);
        }

        return (2.0 * size * size * size / best, best);
    }

    private static double Time(Tensor a, Tensor b, int times, Device device)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++) mm(a, b).Dispose();
        if (device.type == DeviceType.CUDA) cuda.synchronize(device);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
