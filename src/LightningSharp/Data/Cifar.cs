using System.Runtime.InteropServices;
using LightningSharp.Data.Formats;
using LightningSharp.Data.Resolving;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>
/// What CIFAR-10 and CIFAR-100 share: 50,000 training or 10,000 test images of 32 x 32 pixels in three colours. Batches are normalised floats [B, 3, 32, 32] and int64 labels [B].
/// The files of the binary version are looked for like those of <see cref="Mnist"/>, but not downloaded.
/// </summary>
public abstract class Cifar : IBatchDataset, IDisposable
{
    private const int Size = 32, Plane = Size * Size, Pixels = 3 * Plane;
    private readonly PixelScaler[] _scalers;

    private protected Cifar(DataManifest manifest, IEnumerable<DataFile> files, CifarLayout layout, PixelScaler[] scalers, string? root, DataEnvironment environment)
    {
        var resolver = new DataResolver(manifest, root, environment);
        _scalers = scalers;
        (Images, Labels) = layout.Split([.. files.Select(file => (file.Name, resolver.Read(file)))]);
    }

    /// <summary>All images as they are in the files: uint8 [N, 3, 32, 32].</summary>
    public Tensor Images { get; }

    /// <summary>All labels: uint8 [N].</summary>
    public Tensor Labels { get; }

    /// <inheritdoc/>
    public int Count => (int)Labels.numel();

    /// <inheritdoc/>
    public IReadOnlyList<Column> Columns { get; } = [new("images", ScalarType.Float32, 3, Size, Size), new("labels", ScalarType.Int64)];

    /// <inheritdoc/>
    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        if (column == 0)
            FillImages(indices, MemoryMarshal.Cast<byte, float>(destination));
        else
            FillLabels(indices, MemoryMarshal.Cast<byte, long>(destination));
    }

    /// <summary>Frees the two tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
        GC.SuppressFinalize(this);
    }

    private void FillImages(ReadOnlySpan<int> indices, Span<float> destination)
    {
        ReadOnlySpan<byte> images = Images.bytes;
        for (int i = 0; i < indices.Length; i++)
        {
            for (int colour = 0; colour < 3; colour++)
                _scalers[colour].Scale(images.Slice((indices[i] * Pixels) + (colour * Plane), Plane), destination.Slice((i * Pixels) + (colour * Plane), Plane));
        }

        GC.KeepAlive(this);   // the spans do not keep the tensors
    }

    private void FillLabels(ReadOnlySpan<int> indices, Span<long> destination)
    {
        ReadOnlySpan<byte> labels = Labels.bytes;
        for (int i = 0; i < indices.Length; i++)
            destination[i] = labels[indices[i]];
        GC.KeepAlive(this);
    }
}
