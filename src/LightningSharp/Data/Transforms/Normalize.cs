using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>(x - mean) / deviation per channel; bytes are first divided by 255. Floating-point images keep their type, others become float32.</summary>
public sealed class Normalize : BatchTransform, IDisposable
{
    private readonly Tensor _negativeMean;
    private readonly Tensor _deviation;
    private readonly Tensor _byte;

    /// <summary>Sets the constants.</summary>
    /// <param name="mean">One per channel, for values from 0 to 1.</param>
    /// <param name="deviation">One per channel, positive.</param>
    /// <exception cref="ArgumentException">There are not equally many, or a deviation is not positive.</exception>
    public Normalize(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Count != deviation.Count || mean.Count == 0)
            throw new ArgumentException($"There are {mean.Count} means and {deviation.Count} deviations. Expected one of each per channel.", nameof(deviation));
        if (deviation.Any(value => !(value > 0)))
            throw new ArgumentException($"The deviations are {string.Join(", ", deviation)}. Expected positive numbers.", nameof(deviation));
        _negativeMean = Constant([.. mean.Select(value => (float)-value)]);
        _deviation = Constant([.. deviation.Select(value => (float)value)]);
        _byte = Constant([255f]);
    }

    /// <summary>Frees the constants.</summary>
    public void Dispose()
    {
        _negativeMean.Dispose();
        _deviation.Dispose();
        _byte.Dispose();
    }

    internal override Tensor Change(Tensor images, RandomKey key, int salt)
    {
        long channels = images.size(1);
        if (_negativeMean.numel() != 1 && _negativeMean.numel() != channels)
            throw new ArgumentException($"The images have {channels} channels, but there are {_negativeMean.numel()} means. Expected one per channel.", nameof(images));
        var values = images.dtype == ScalarType.Byte ? images.to(ScalarType.Float32).div_(_byte.to(images.device)) : images;
        if (!values.is_floating_point())
            values = values.to(ScalarType.Float32);
        // in the type of the images: 16-bit ones must not become 32-bit ones by their constants
        return values.add(_negativeMean.to(values.dtype, images.device), One).div_(_deviation.to(values.dtype, images.device));
    }

    private static Tensor Constant(float[] values)
    {
        using var scope = NewDisposeScope();
        return tensor(values).reshape(1, -1, 1, 1).DetachFromDisposeScope();   // lives until Dispose
    }
}
