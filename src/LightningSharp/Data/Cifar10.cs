using LightningSharp.Data.Formats;
using LightningSharp.Data.Resolving;

namespace LightningSharp.Data;

/// <summary>CIFAR-10 (Krizhevsky 2009): ten classes of natural pictures, normalised by its own means 0.4914, 0.4822, 0.4465 and deviations 0.2470, 0.2435, 0.2616.</summary>
public sealed class Cifar10 : Cifar
{
    private static readonly CifarLayout Layout = new(LabelBytes: 1, Classes: 10);

    /// <summary>Reads the binary version.</summary>
    /// <param name="train">The 50,000 training images, or the 10,000 test images.</param>
    /// <param name="root">Folder with <c>data_batch_1.bin</c> … or above <c>cifar-10-batches-bin</c>; null: LIGHTNINGSHARP_DATA, the cache, a <c>data</c> folder above the current one.</param>
    /// <exception cref="DataException">LS3001: the files are nowhere; or one is damaged.</exception>
    public Cifar10(bool train = true, string? root = null)
        : base(
            DataManifest.Cifar10,
            DataManifest.Cifar10.Files.Where(file => file.Name.StartsWith("data", StringComparison.Ordinal) == train),
            Layout,
            [new(0.4914, 0.2470), new(0.4822, 0.2435), new(0.4465, 0.2616)],
            root,
            new DataEnvironment())
    {
    }
}
