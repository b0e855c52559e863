using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>The device of the CUDA cases. BENCHMARK_DEVICE=cpu sends them to the processor: that shows that they run, and no more.</summary>
internal static class CudaDevice
{
    public const string Variable = "BENCHMARK_DEVICE";

    public static string Kind { get; } = Environment.GetEnvironmentVariable(Variable) ?? "cuda";

    public static Device Device => new(Kind);

    public static Accelerator Accelerator => Kind == "cuda" ? Accelerator.Cuda : Accelerator.Cpu;

    /// <summary>Waits for everything that was sent to the device.</summary>
    public static void Settle()
    {
        if (Kind == "cuda") cuda.synchronize();
    }

    /// <summary>Says why a case is skipped, where it is.</summary>
    public static bool IsThere(string name)
    {
        if (Kind != "cuda")
        {
            Console.WriteLine($"\n{name}: on the {Kind} ({Variable} is set): shows that the case runs, the figures mean nothing");
            return true;
        }

        if (cuda.is_available()) return true;
        Console.WriteLine($"\n{name}: skipped: libtorch sees no CUDA device (this build references the CPU package, or the machine has no GPU)");
        return false;
    }
}
