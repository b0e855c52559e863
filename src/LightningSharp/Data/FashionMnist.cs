using LightningSharp.Data.Resolving;

namespace LightningSharp.Data;

/// <summary>
/// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): ten kinds of clothing in the format and sizes of <see cref="Mnist"/>, normalised with its own mean 0.2860 and deviation 0.3530.
/// </summary>
public sealed class FashionMnist : Mnist
{
    /// <inheritdoc cref="Mnist(bool, string?)"/>
    public FashionMnist(bool train = true, string? root = null)
        : base(DataManifest.FashionMnist, new PixelScaler(0.2860, 0.3530), train, root, new DataEnvironment())
    {
    }

    /// <inheritdoc cref="Mnist.Download"/>
    public static new void Download(string? root = null) => new DataResolver(DataManifest.FashionMnist, root, new DataEnvironment()).Fetch();
}
