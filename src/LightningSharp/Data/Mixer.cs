namespace LightningSharp.Data;

/// <summary>Turns (seed, epoch, index) into well-spread 64 bits: the finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).</summary>
internal static class Mixer
{
    public const ulong Golden = 0x9E3779B97F4A7C15;

    public static ulong Mix(ulong value)
    {
        value += Golden;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>Order matters: (1, 2) and (2, 1) give different values.</summary>
    public static ulong Combine(ulong seed, ulong epoch, ulong index) => Mix(Mix(Mix(seed) ^ epoch) ^ index);
}
