using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Strategies;

/// <summary>What devices are there, and which of them the options mean.</summary>
internal static class Hardware
{
    public static int CudaDevices => cuda.is_available() ? cuda.device_count() : 0;

    public static bool HasMps => mps_is_available();

    /// <summary>The strategy for the options.</summary>
    /// <exception cref="MisconfigurationException">The device does not exist; the message lists those that do.</exception>
    public static Strategy Choose(Accelerator accelerator, Devices devices)
    {
        var cudaCount = CudaDevices;
        var kind = accelerator switch
        {
            Accelerator.Auto => cudaCount > 0 ? DeviceType.CUDA : HasMps ? DeviceType.MPS : DeviceType.CPU,
            Accelerator.Cpu => DeviceType.CPU,
            Accelerator.Cuda when cudaCount > 0 => DeviceType.CUDA,
            Accelerator.Gpu when cudaCount > 0 => DeviceType.CUDA,
            Accelerator.Gpu when HasMps => DeviceType.MPS,
            Accelerator.Mps when HasMps => DeviceType.MPS,
            Accelerator.Tpu => throw new MisconfigurationException($"{nameof(Accelerator)}.{nameof(Accelerator.Tpu)} is not supported: libtorch for .NET has no TPU backend. {Available(cudaCount)}"),
            _ => throw new MisconfigurationException($"{nameof(TrainerOptions.Accelerator)} = {accelerator}, but this machine has no such device. {Available(cudaCount)}"),
        };
        var count = kind == DeviceType.CUDA ? cudaCount : kind == DeviceType.CPU ? Environment.ProcessorCount : 1;
        var indices = devices.Resolve(count, kind.ToString().ToLowerInvariant());
        if (indices.Length == 1 || (kind == DeviceType.CUDA && devices == Devices.Auto))
            return new SingleDevice(kind == DeviceType.CUDA ? new Device(DeviceType.CUDA, indices[0]) : new Device(kind));
        throw new MisconfigurationException(
            $"{nameof(TrainerOptions.Devices)} = {devices} means {indices.Length} {kind} devices, and training on several devices is not available in this version. Use Devices = 1.");
    }

    private static string Available(int cudaCount)
        => $"Available: cpu{(cudaCount > 0 ? $", cuda ({cudaCount} device{(cudaCount == 1 ? string.Empty : "s")})" : string.Empty)}{(HasMps ? ", mps" : string.Empty)}. "
            + $"Use {nameof(Accelerator)}.{nameof(Accelerator.Auto)} to take the best of them.";
}
