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

    /// <summary>
    /// A picture from a tensor [height, width] or [channels, height, width]; floats from 0 to 1, or bytes. A batch [pictures, channels, height, width] becomes a grid, eight in a row,
    /// two pixels apart. The tensor is copied to the host.
    /// </summary>
    public static ImageData FromTensor(Tensor image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var shape = image.shape;
        if (shape.Length is not (2 or 3 or 4) || (shape.Length > 2 && shape[^3] is not (1 or 3 or 4)) || shape.Contains(0))
        {
            throw new ArgumentException(
                $"An image is a tensor [height, width] or [channels, height, width] with 1, 3 or 4 channels, or a batch of these, [pictures, channels, height, width]; received [{string.Join(", ", shape)}].",
                nameof(image));
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var chw = shape.Length == 2 ? image.unsqueeze(0) : shape.Length == 4 ? Grid(image) : image;
        if (chw.is_floating_point())
        {
            // NaN has no colour; black is the least surprising
            chw = chw.to(ScalarType.Float32).nan_to_num(0).clamp(0, 1).mul(255).round();
        }

        var bytes = chw.permute(1, 2, 0).to(ScalarType.Byte).cpu().contiguous().data<byte>().ToArray();
        return new((int)chw.shape[2], (int)chw.shape[1], (int)chw.shape[0], bytes);
    }

    private static Tensor Grid(Tensor pictures)
    {
        const int PerRow = 8, Gap = 2;
        var shape = pictures.shape;
        long columns = Math.Min(PerRow, shape[0]), rows = (shape[0] + columns - 1) / columns, height = shape[2] + Gap, width = shape[3] + Gap;
        var grid = zeros([shape[1], (rows * height) - Gap, (columns * width) - Gap], dtype: pictures.dtype, device: pictures.device);
        for (long i = 0; i < shape[0]; i++) grid.narrow(1, i / columns * height, shape[2]).narrow(2, i % columns * width, shape[3]).copy_(pictures[i]);
        return grid;
    }

    /// <summary>The picture as the bytes of a PNG file.</summary>
    public byte[] ToPng() => PngEncoder.Encode(Width, Height, Channels, Pixels.Span);
}
