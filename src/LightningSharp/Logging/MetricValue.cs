using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Logging;

/// <summary>A number that may still lie on an accelerator; it is read to the host when somebody asks for it, not before.</summary>
internal sealed class MetricValue
{
    private double _value;
    private Func<double>? _read;

    public void Set(double value) => (_value, _read) = (value, null);

    /// <summary>Sets a value that is computed when it is first read.</summary>
    public void Set(Func<double> read) => _read = read;

    public double Read()
    {
        if (_read is { } read) Set(read());
        return _value;
    }

    /// <summary>The number in a tensor of one element; on the CPU this is no synchronisation.</summary>
    public static double ReadTensor(Tensor tensor)
    {
        if (StableAbi.IsAvailable && !tensor.IsInvalid && StableAbi.TryItem(tensor.Handle, out var value))
        {
            GC.KeepAlive(tensor);
            return value;
        }

        return tensor.dtype switch
        {
            ScalarType.Float32 => tensor.ToSingle(),
            ScalarType.Float64 => tensor.ToDouble(),
            _ => ReadConverted(tensor),
        };
    }

    private static double ReadConverted(Tensor tensor)
    {
        using var converted = tensor.detach().to_type(ScalarType.Float64);
        return converted.ToDouble();
    }
}
