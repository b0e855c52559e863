using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Logging;

/// <summary>A picture for loggers: rows from top to bottom, pixels from left to right, one byte per channel.</summary>
public sealed class ImageData
{
    /// <summary>Wraps pixels that are already bytes.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 grey, 3 red-green-blue, 4 with alpha.</param>
    /// <param name="pixels"><c>height * width * channels</c> bytes.</param>
    public ImageData(int width, int height, int channels, ReadOnlyMemory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (channels is not (1 or 3 or 4) || pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException(
                $"An image of {width} x {height} with {channels} channels (1, 3 or 4 are possible) needs width * height * channels bytes; received {pixels.Length}.",
                nameof(pixels));
        }

        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 grey, 3 red-green-blue, 4 with alpha.</summary>
    public int Channels { get; }

    /// <summary><c>height * width * channels</c> bytes.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>A picture from a tensor [height, width] or [channels, height, width]; floats from 0 to 1, or bytes. The tensor is copied to the host.</summary>
    public static ImageData FromTensor(Tensor image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var shape = image.shape;
        if (shape.Length is not (2 or 3) || (shape.Length == 3 && shape[0] is not (1 or 3 or 4)))
        {
            throw new ArgumentException(
                $"An image is a tensor [height, width] or [channels, height, width] with 1, 3 or 4 channels; received [{string.Join(", ", shape)}].",
                nameof(image));
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var chw = shape.Length == 2 ? image.unsqueeze(0) : image;
        if (chw.is_floating_point())
        {
            // NaN has no colour; black is the least surprising
            chw = chw.to(ScalarType.Float32).nan_to_num(0).clamp(0, 1).mul(255).round();
        }

        var bytes = chw.permute(1, 2, 0).to(ScalarType.Byte).cpu().contiguous().data<byte>().ToArray();
        return new((int)chw.shape[2], (int)chw.shape[1], (int)chw.shape[0], bytes);
    }

    /// <summary>The picture as the bytes of a PNG file.</summary>
    public byte[] ToPng() => PngEncoder.Encode(Width, Height, Channels, Pixels.Span);
}
