using LightningSharp.Data;

namespace LightningSharp.Vision;

/// <summary>
/// Pictures in one folder per class (<c>root/cat/1.jpg</c>, <c>root/dog/2.png</c>): classes are the folders in ordinal order. Pictures are decoded, scaled and cut to
/// one size in the loader's workers; batches are float32 [B, 3, H, W] from 0 to 1 and int64 labels [B]. Normalise them on the device with <c>Normalize</c>.
/// </summary>
/// <example><code>
/// var pets = new ImageFolder("pets/train", size: 224);
/// var loader = new DataLoader&lt;(Tensor X, Tensor Y)&gt;(pets, batchSize: 32, shuffle: true, workers: 4);
/// </code></example>
public sealed class ImageFolder : IDataset<(float[,,] X, long Y)>
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif"];
    private readonly int _height;
    private readonly int _width;
    private readonly List<(string Path, int Class)> _files = [];

    /// <summary>Lists the pictures; none is opened yet.</summary>
    /// <param name="root">The folder with one folder per class.</param>
    /// <param name="size">Height and width of the result: the shorter side is scaled to it, the middle of the longer one kept.</param>
    /// <exception cref="DataException">The folder is missing, or has no folder with a picture.</exception>
    public ImageFolder(string root, int size = 224)
        : this(root, size, size)
    {
    }

    /// <summary>The same with a rectangular result.</summary>
    public ImageFolder(string root, int height, int width)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (!Directory.Exists(root))
            throw new DataException($"{root} does not exist. Expected a folder with one folder of pictures per class.");
        (_height, _width) = (height, width);
        ClassNames = [.. Directory.GetDirectories(root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];
        for (int i = 0; i < ClassNames.Count; i++)
        {
            var pictures = Directory.EnumerateFiles(Path.Combine(root, ClassNames[i]), "*", SearchOption.AllDirectories)
                .Where(path => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase));
            _files.AddRange(pictures.Order(StringComparer.Ordinal).Select(path => (path, i)));
        }

        if (_files.Count == 0)
            throw new DataException($"{root} has no pictures. Expected one folder per class with files ending in {string.Join(", ", Extensions)}.");
    }

    /// <summary>Names of the classes 0, 1, 2, ….</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public int Count => _files.Count;

    /// <summary>The file of an item.</summary>
    public string PathOf(int index) => _files[index].Path;

    /// <inheritdoc/>
    /// <exception cref="DataException">The file is no picture, or damaged.</exception>
    public (float[,,] X, long Y) Get(int index)
    {
        var (path, label) = _files[index];
        return (Picture.Read(path, _height, _width), label);
    }
}
