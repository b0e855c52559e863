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
            (left, right) = (right, left ^ (Scramble(_key + (round * Mixer.Golden) + right) & _mask));
        return (left << _halfBits) | right;
    }

    /// <summary>A shorter mixer than <see cref="Mixer.Mix"/>: its two multiplications suffice here, because four rounds follow each other.</summary>
    private static uint Scramble(ulong value)
    {
        value *= 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 32)) * 0x94D049BB133111EB;
        return (uint)(value >> 32);
    }
}
