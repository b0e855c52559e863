namespace LightningSharp.Checkpointing.Pickling;

/// <summary>Compares keys of a file. Numbers are hashed with a random seed, so that no file can choose keys that collide.</summary>
internal sealed class NodeKeyComparer : IEqualityComparer<object>
{
    public static readonly NodeKeyComparer Instance = new();

    public new bool Equals(object? x, object? y) => object.Equals(x, y);

    public int GetHashCode(object obj) => obj switch
    {
        long number => HashCode.Combine(number),
        double number => HashCode.Combine(BitConverter.DoubleToInt64Bits(number)),
        _ => obj.GetHashCode(),
    };
}
