using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Cuts a window at a random place out of each image, which may be padded with zeros first.</summary>
public sealed class RandomCrop : BatchTransform
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _padding;

    /// <summary>A square window.</summary>
    /// <param name="size">Height and width of the result.</param>
    /// <param name="padding">Zeros around each image before the cut.</param>
    public RandomCrop(int size, int padding = 0)
        : this(size, size, padding)
    {
    }

    /// <summary>A rectangular window.</summary>
    public RandomCrop(int height, int width, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        (_height, _width, _padding) = (height, width, padding);
    }

    internal override Tensor Change(Tensor images, RandomKey key, int salt)
    {
        long height = images.size(2) + (2 * _padding), width = images.size(3) + (2 * _padding);
        if (height < _height || width < _width)
            throw new ArgumentException($"A window of {_height} x {_width} does not fit into padded images of {height} x {width}.", nameof(images));
        int count = (int)images.size(0);
        var random = key.Create(salt);
        var (image, rows, columns) = (new long[count], new long[count * _height], new long[count * _width]);
        for (int i = 0; i < count; i++)
        {
            image[i] = i;
            int top = random.Next((int)(height - _height) + 1), left = random.Next((int)(width - _width) + 1);
            for (int y = 0; y < _height; y++)
                rows[(i * _height) + y] = top + y;
            for (int x = 0; x < _width; x++)
                columns[(i * _width) + x] = left + x;
        }

        var padded = _padding == 0 ? images : nn.functional.pad(images, [_padding, _padding, _padding, _padding]);
        var device = images.device;
        // with the channels last, three index tensors pick all windows in one operation
        return padded.permute(0, 2, 3, 1).index(
            HostTensor.Of(image, device, count, 1, 1), HostTensor.Of(rows, device, count, _height, 1), HostTensor.Of(columns, device, count, 1, _width))
            .permute(0, 3, 1, 2).contiguous();
    }
}
