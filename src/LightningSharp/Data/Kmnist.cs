using LightningSharp.Data.Resolving;

namespace LightningSharp.Data;

/// <summary>
/// Kuzushiji-MNIST (Clanuwat et al. 2018): ten cursive Japanese characters in the format and sizes of <see cref="Mnist"/>, normalised with its own mean 0.1918 and deviation 0.3483.
/// Not downloaded: a checksum from its publisher is not known here. Get the four files from <c>codh.rois.ac.jp/kmnist</c>; a missing file is an error that lists where they may lie.
/// </summary>
public sealed class Kmnist : Mnist
{
    /// <inheritdoc cref="Mnist(bool, string?)"/>
    public Kmnist(bool train = true, string? root = null)
        : base(DataManifest.Kmnist, new PixelScaler(0.1918, 0.3483), train, root, new DataEnvironment())
    {
    }

    /// <summary>Checks that the four files are there; nothing is downloaded.</summary>
    /// <param name="root">See the constructor.</param>
    public static new void Download(string? root = null) => new DataResolver(DataManifest.Kmnist, root, new DataEnvironment()).Fetch();
}
