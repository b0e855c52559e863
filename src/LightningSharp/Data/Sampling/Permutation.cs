using System.Numerics;

namespace LightningSharp.Data.Sampling;

/// <summary>
/// A shuffled order of 0..n-1 that needs no memory and can be asked at any position: a keyed four-round Feistel network over the next even number
/// of bits, walked along its cycle until the value is inside the range (at most four steps on average). The same (seed, epoch) gives the same order
/// on every machine.
/// </summary>
internal readonly struct Permutation
{
    private const int Rounds = 4;
    private readonly int _count;
    private readonly int _halfBits;
    private readonly uint _mask;
    private readonly ulong _key;

    public Permutation(int count, long seed, int epoch)
    {
        _count = count;
        int bits = count <= 1 ? 2 : BitOperations.Log2((uint)(count - 1)) + 1;
        _halfBits = Math.Max(1, (bits + 1) / 2);
        _mask = (1u << _halfBits) - 1;
        _key = Mixer.Combine((ulong)seed, (ulong)epoch, 0x5A0FF1E);
    }

    /// <summary>Which item stands at <paramref name="position"/>.</summary>
    public int this[int position]
    {
        get
        {
            uint value = (uint)position;
            do
                value = Encrypt(value);
            while (value >= (uint)_count);
            return (int)value;
        }
    }

    private uint Encrypt(uint value)
    {
        uint left = value >> _halfBits, right = value & _mask;
        for (uint round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ ((uint)Mixer.Mix(_key + ((ulong)round << 32) + right) & _mask));
        return (left << _halfBits) | right;
    }
}
