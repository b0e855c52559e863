using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>
/// 1,797 handwritten digits of 8 x 8 pixels, carried by the assembly itself: real data for a first run without files or a network. Batches are normalised floats [B, 1, 8, 8] and int64 labels [B].
/// </summary>
/// <remarks>
/// Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, <c>https://doi.org/10.24432/C50P49</c>, licensed under CC BY 4.0; stored as bytes.
/// </remarks>
/// <example><code>trainer.Fit(model, new Digits8x8DataModule(batchSize: 64));</code></example>
public sealed class Digits8x8 : IBatchDataset
{
    private const int Total = 1797, Training = 1437, Pixels = 64, Brightest = 16;

    // mean and deviation of all pixels, once those from 0 to 16 are scaled to 0 to 1
    private const double Mean = 0.3053, Deviation = 0.3760;
    private static readonly Lazy<byte[]> Content = new(() => EmbeddedData.Read("digits8x8.gz", Total * (Pixels + 1)));
    private readonly PixelScaler _scaler = new(Mean * Brightest / 255, Deviation * Brightest / 255);
    private readonly int _first;

    /// <summary>All of the images, or one of two parts.</summary>
    /// <param name="train">The first 1,437 images, or the last 360; null, the default: all 1,797.</param>
    public Digits8x8(bool? train = null) => (_first, Count) = train switch
    {
        null => (0, Total),
        true => (0, Training),
        false => (Training, Total - Training),
    };

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Column> Columns { get; } = [new("images", ScalarType.Float32, 1, 8, 8), new("labels", ScalarType.Int64)];

    /// <inheritdoc/>
    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        ReadOnlySpan<byte> content = Content.Value;
        if (column == 0)
        {
            var images = MemoryMarshal.Cast<byte, float>(destination);
            for (int i = 0; i < indices.Length; i++)
                _scaler.Scale(content.Slice((_first + indices[i]) * Pixels, Pixels), images.Slice(i * Pixels, Pixels));
        }
        else
        {
            var labels = MemoryMarshal.Cast<byte, long>(destination);
            for (int i = 0; i < indices.Length; i++)
                labels[i] = content[(Total * Pixels) + _first + indices[i]];
        }
    }
}
