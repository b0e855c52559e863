using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Native;

/// <summary>
/// The memory layout with channels innermost, in which libtorch's CPU kernels for pooling and convolution (and NVIDIA's tensor cores) are faster.
/// A layout is not a shape: sizes, values and gradients stay what they were, up to the rounding of another order of summation.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>Whether a module has two-dimensional convolution, pooling or normalisation layers, which gain.</summary>
    public static bool Benefits(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return IsSpatial(module) || module.modules().Any(IsSpatial);
    }

    /// <summary>Rearranges all four-dimensional weights in place. The parameter objects stay, so an optimizer built before remains valid.</summary>
    /// <returns>The number of rearranged weights.</returns>
    public static int Convert(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return Rearrange(module, ToChannelsLast);
    }

    /// <summary>Undoes <see cref="Convert"/>.</summary>
    public static int Restore(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return Rearrange(module, ToOrdinary);
    }

    /// <summary>An image batch [batch, channels, height, width] in this layout; any other tensor, and one that lies so already, is returned as it is.</summary>
    /// <returns><paramref name="batch"/> itself, or a new tensor.</returns>
    public static Tensor ConvertBatch(Tensor batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.dim() != 4 || batch.is_sparse || IsChannelsLast(batch)) return batch;
        return ToChannelsLast(batch);
    }

    /// <summary>Whether a four-dimensional tensor has exactly the strides of this layout.</summary>
    public static bool IsChannelsLast(Tensor tensor)
    {
        if (tensor.dim() != 4) return false;
        long channels = tensor.size(1), height = tensor.size(2), width = tensor.size(3);
        return tensor.stride(1) == 1 && tensor.stride(3) == channels && tensor.stride(2) == width * channels
            && tensor.stride(0) == height * width * channels;
    }

    /// <summary>A four-dimensional tensor in the ordinary layout: itself, or a copy. One channel is contiguous either way, but libtorch picks its kernels by the strides.</summary>
    public static Tensor ToOrdinary(Tensor tensor)
    {
        if (!tensor.is_contiguous()) return tensor.contiguous();
        long channels = tensor.size(1), height = tensor.size(2), width = tensor.size(3);
        return tensor.stride(1) == height * width && tensor.stride(3) == 1
            ? tensor : tensor.as_strided([tensor.size(0), channels, height, width], [channels * height * width, height * width, width, 1], tensor.storage_offset());
    }

    private static Tensor ToChannelsLast(Tensor tensor)
    {
        if (tensor.size(1) == 1 && tensor.is_contiguous())
        {
            // One channel: the same memory read with other strides. libtorch picks its kernels by the strides, so they must be named.
            long height = tensor.size(2), width = tensor.size(3);
            return tensor.as_strided([tensor.size(0), 1, height, width], [height * width, 1, width, 1], tensor.storage_offset());
        }

        if (Dispatcher.IsAvailable) return Dispatcher.ToChannelsLast(tensor);
        return tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }

    private static int Rearrange(nn.Module module, Func<Tensor, Tensor> layout)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var count = 0;
        foreach (var parameter in module.parameters())
        {
            if (parameter.dim() != 4 || parameter.is_sparse) continue;
            var moved = layout(parameter);
            if (moved.stride().AsSpan().SequenceEqual(parameter.stride())) continue;

            // set_ exchanges the memory behind the same tensor: module, optimizer and gradient hooks keep their object.
            parameter.set_(moved);
            if (parameter.grad is { } gradient) parameter.grad = layout(gradient);
            count++;
        }

        return count;
    }

    private static bool IsSpatial(nn.Module module)
        => module is Conv2d or ConvTranspose2d or BatchNorm2d or MaxPool2d or AvgPool2d or AdaptiveAvgPool2d;
}
