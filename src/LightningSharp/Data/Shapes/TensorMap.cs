using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Shapes;

/// <summary>Moves tensors to a device and converts floating point ones; a tensor that is right already stays the same object.</summary>
/// <param name="device">Where to; null leaves every tensor where it is.</param>
/// <param name="floatType">The type of floating point tensors; null leaves them.</param>
/// <param name="channelsLast">Gives image batches [batch, channels, height, width] the layout with channels innermost.</param>
internal class TensorMap(Device? device, ScalarType? floatType = null, bool channelsLast = false)
{
    private readonly bool _hasIndex = device?.index >= 0;

    public Device? Device => device;

    public virtual Tensor Apply(Tensor tensor)
    {
        var isFloat = torch.is_floating_point(tensor);
        var target = floatType is { } type && isFloat ? type : tensor.dtype;
        if (!IsThere(tensor)) tensor = tensor.to(target, device!, non_blocking: device!.type == DeviceType.CUDA); // without a device every tensor is there
        else if (target != tensor.dtype) tensor = tensor.to_type(target);
        return channelsLast && (isFloat || tensor.dtype == ScalarType.Byte) ? ChannelsLast.ConvertBatch(tensor) : tensor;
    }

    private bool IsThere(Tensor tensor)
        => device is null || (tensor.device_type == device.type && (!_hasIndex || device.type == DeviceType.CPU || tensor.device_index == device.index));
}
