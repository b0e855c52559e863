using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Mirrors each image with some probability.</summary>
/// <param name="probability">Of each image; 0.5 by default.</param>
/// <param name="vertical">Upside down instead of left to right.</param>
public sealed class RandomFlip(double probability = 0.5, bool vertical = false) : BatchTransform
{
    private readonly double _probability = Probability(probability, nameof(probability));

    internal override Tensor Change(Tensor images, RandomKey key, int salt)
    {
        var random = key.Create(salt);
        var chosen = new bool[images.size(0)];
        for (int i = 0; i < chosen.Length; i++)
            chosen[i] = random.NextDouble() < _probability;
        return where(HostTensor.Of(chosen, images.device, chosen.Length, 1, 1, 1), images.flip(vertical ? 2 : 3), images);
    }
}
