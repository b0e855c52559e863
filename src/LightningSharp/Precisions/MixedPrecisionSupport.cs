using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp;

/// <summary>Says clearly where mixed precision does not exist.</summary>
internal static class MixedPrecisionSupport
{
    public static void Require(string name, DeviceType device)
    {
        if (!Autocast.IsAvailable)
            throw new BackendException($"Precision {name} needs libtorch's autocast functions, which this libtorch does not export. Expected libtorch 2.10. Use Precision.Float32.");
        if (device is not (DeviceType.CPU or DeviceType.CUDA or DeviceType.MPS))
            throw new BackendException($"Precision {name} exists on CPU, CUDA and MPS devices. Received: {device}. Use Precision.Float32.");
    }
}
