using LightningSharp.Data.Formats;
using LightningSharp.Data.Resolving;

namespace LightningSharp.Data;

/// <summary>CIFAR-100 (Krizhevsky 2009): the fine labels of a hundred classes, normalised by its own means 0.5071, 0.4865, 0.4409 and deviations 0.2673, 0.2564, 0.2762.</summary>
public sealed class Cifar100 : Cifar
{
    private static readonly CifarLayout Layout = new(LabelBytes: 2, Classes: 100);

    /// <summary>Reads the binary version.</summary>
    /// <param name="train">The 50,000 training images, or the 10,000 test images.</param>
    /// <param name="root">Folder with <c>train.bin</c> and <c>test.bin</c> or above <c>cifar-100-binary</c>; null: LIGHTNINGSHARP_DATA, the cache, a <c>data</c> folder above the current one.</param>
    /// <exception cref="DataException">LS3001: the files are nowhere; or one is damaged.</exception>
    public Cifar100(bool train = true, string? root = null)
        : base(
            DataManifest.Cifar100,
            [DataManifest.Cifar100[train ? "train.bin" : "test.bin"]],
            Layout,
            [new(0.5071, 0.2673), new(0.4865, 0.2564), new(0.4409, 0.2762)],
            root,
            new DataEnvironment())
    {
    }
}
