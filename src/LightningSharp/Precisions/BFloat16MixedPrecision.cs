using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>Autocast to bfloat16; its range equals float32's, so no loss scale is needed.</summary>
internal sealed class BFloat16MixedPrecision(DeviceType device = DeviceType.CPU) : Precision
{
    public override string Name => "bf16-mixed";

    public override Precision ForDevice(Device device, out string? warning)
    {
        MixedPrecisionSupport.Require(Name, device.type);
        warning = device.type == DeviceType.CPU ? ShortFloats.WarningFor(Name, ScalarType.BFloat16) : null;
        return new BFloat16MixedPrecision(device.type);
    }

    public override IDisposable? Forward() => Autocast.Begin(device, ScalarType.BFloat16);
}
