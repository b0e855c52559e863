using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Shapes;

/// <summary>Moves tensors to a device and converts floating point ones; a tensor that is right already stays the same object.</summary>
internal sealed class TensorMap(Device device, ScalarType? floatType = null)
{
    private readonly bool _hasIndex = device.index >= 0;

    public Device Device => device;

    public Tensor Apply(Tensor tensor)
    {
        var target = floatType is { } type && tensor.dtype != type && torch.is_floating_point(tensor) ? type : tensor.dtype;
        var there = tensor.device_type == device.type && (!_hasIndex || device.type == DeviceType.CPU || tensor.device_index == device.index);
        if (there && target == tensor.dtype) return tensor;
        return there ? tensor.to_type(target) : tensor.to(target, device, non_blocking: device.type == DeviceType.CUDA);
    }
}
