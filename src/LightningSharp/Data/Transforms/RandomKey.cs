using LightningSharp.Data.Reading;

namespace LightningSharp.Data.Transforms;

/// <summary>What the random numbers of a transform depend on, and nothing else: not the device, not the number of workers, not what ran before.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Index">The batch within the epoch.</param>
public readonly record struct RandomKey(long Seed, int Epoch, int Index)
{
    /// <summary>A generator for one transform.</summary>
    /// <param name="salt">Tells the transforms of one batch apart.</param>
    internal Random Create(int salt)
    {
        var random = new SampleRandom();
        random.Reset((long)Mixer.Combine((ulong)Seed, (ulong)salt, 0x7A45F), Epoch, Index);
        return random;
    }

    /// <summary>A salt that tells one kind of transform from another, so that two with the same key draw different numbers.</summary>
    internal static int Salt(Type transform)
    {
        uint hash = 2166136261;   // FNV-1a: unlike string.GetHashCode the same in every process
        foreach (char letter in transform.Name)
            hash = (hash ^ letter) * 16777619;
        return (int)hash;
    }
}
