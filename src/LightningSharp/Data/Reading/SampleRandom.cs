namespace LightningSharp.Data.Reading;

/// <summary>A generator that is set to (seed, epoch, index) before each item, without an allocation; SplitMix64.</summary>
internal sealed class SampleRandom : Random
{
    private ulong _state;

    public void Reset(long seed, int epoch, int index) => _state = Mixer.Combine((ulong)seed, (ulong)epoch, (ulong)index);

    public override int Next() => (int)Bounded(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)Bounded((ulong)maxValue);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)(minValue + (long)Bounded((ulong)((long)maxValue - minValue)));
    }

    public override long NextInt64() => (long)Bounded(long.MaxValue);

    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (long)Bounded((ulong)maxValue);
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return minValue + (long)Bounded((ulong)(maxValue - minValue));
    }

    public override double NextDouble() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (Bits() >> 40) * (1.0f / (1 << 24));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref byte value in buffer)
            value = (byte)(Bits() >> 56);
    }

    protected override double Sample() => NextDouble();

    // the bias of a multiplication instead of a rejection is below 2^-32
    private ulong Bounded(ulong range) => Math.BigMul(Bits(), range, out _);

    private ulong Bits()
    {
        ulong bits = Mixer.Mix(_state);
        _state += Mixer.Golden;
        return bits;
    }
}
