using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Small arrays of parameters as tensors, without the copies and the dictionary entry of TorchSharp's own factory.</summary>
internal static class HostTensor
{
    public static Tensor Of<T>(T[] values, Device device, params long[] shape)
        where T : unmanaged
    {
        var tensor = empty(shape, ElementTypes.Of(typeof(T)) ?? throw new NotSupportedException(typeof(T).Name));
        if (values.Length > 0)
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(tensor.bytes);
        GC.KeepAlive(tensor);
        return device.type == DeviceType.CPU ? tensor : tensor.to(device);
    }
}
