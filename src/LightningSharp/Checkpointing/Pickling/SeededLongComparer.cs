namespace LightningSharp.Checkpointing.Pickling;

/// <summary>Hashes numbers with a random seed, so that no file can choose keys that collide.</summary>
internal sealed class SeededLongComparer : IEqualityComparer<long>
{
    public static readonly SeededLongComparer Instance = new();

    public bool Equals(long x, long y) => x == y;

    public int GetHashCode(long obj) => HashCode.Combine(obj);
}
