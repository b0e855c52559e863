using System.Runtime.InteropServices;
using LightningSharp.Data.Reading;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>
/// Made-up digits in the shape of <see cref="Mnist"/>, for tests and examples without data: a printed digit at a random place, in a random brightness, with noise.
/// It never stands in for real data by itself. Batches are floats [B, 1, 28, 28] and int64 labels [B]; image i shows the digit i mod 10.
/// </summary>
public sealed class SyntheticDigits : IBatchDataset
{
    private const int Size = 28, Pixels = Size * Size, Zoom = 3;

    // five columns by seven rows per digit, one row per number, the leftmost column in the highest of five bits
    private static readonly byte[][] Glyphs =
    [
        [14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 2, 4, 8, 31], [31, 2, 4, 2, 1, 17, 14], [2, 6, 10, 18, 31, 2, 2],
        [31, 16, 30, 1, 1, 17, 14], [6, 8, 16, 30, 17, 17, 14], [31, 1, 2, 4, 8, 8, 8], [14, 17, 17, 14, 17, 17, 14], [14, 17, 17, 15, 1, 2, 12],
    ];

    private readonly PixelScaler _scaler = new(0.1307, 0.3081);
    private readonly byte[] _images;

    /// <summary>Draws the images.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Another seed, other places and noise.</param>
    public SyntheticDigits(int count = 1000, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        _images = new byte[checked(count * Pixels)];
        var random = new SampleRandom();
        for (int i = 0; i < count; i++)
        {
            random.Reset(seed, 0, i);
            Draw(Glyphs[i % 10], random, _images.AsSpan(i * Pixels, Pixels));
        }
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Column> Columns { get; } = [new("images", ScalarType.Float32, 1, Size, Size), new("labels", ScalarType.Int64)];

    /// <inheritdoc/>
    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            if (column == 0)
                _scaler.Scale(_images.AsSpan(indices[i] * Pixels, Pixels), MemoryMarshal.Cast<byte, float>(destination).Slice(i * Pixels, Pixels));
            else
                MemoryMarshal.Cast<byte, long>(destination)[i] = indices[i] % 10;
        }
    }

    private static void Draw(byte[] glyph, Random random, Span<byte> image)
    {
        int top = random.Next(Size - (7 * Zoom) + 1), left = random.Next(Size - (5 * Zoom) + 1), brightness = 160 + random.Next(96);
        for (int y = 0; y < 7 * Zoom; y++)
        {
            for (int x = 0; x < 5 * Zoom; x++)
            {
                if ((glyph[y / Zoom] & (16 >> (x / Zoom))) != 0)
                    image[((top + y) * Size) + left + x] = (byte)brightness;
            }
        }

        foreach (ref byte pixel in image)
            pixel = (byte)Math.Min(255, pixel + random.Next(32));
    }
}
