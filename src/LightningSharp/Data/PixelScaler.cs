using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LightningSharp.Data;

/// <summary>
/// Turns bytes into normalised floats, (x / 255 - mean) / deviation, as one multiplication and one addition per value. The two are never fused,
/// so that every processor gives the same bits.
/// </summary>
internal readonly struct PixelScaler(double mean, double deviation)
{
    private readonly float _scale = (float)(1 / (255 * deviation));
    private readonly float _offset = (float)(-mean / deviation);

    /// <summary>Both spans have the same length.</summary>
    public void Scale(ReadOnlySpan<byte> source, Span<float> target)
    {
        target = target[..source.Length];
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(target);
        var scale = Vector256.Create(_scale);
        var offset = Vector256.Create(_offset);
        int i = 0;
        for (; i <= source.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            var (a, b) = Vector256.Widen(low);
            var (c, d) = Vector256.Widen(high);
            // written out: a local function would capture the two constants in memory instead of registers
            ((Vector256.ConvertToSingle(a.AsInt32()) * scale) + offset).StoreUnsafe(ref to, (nuint)i);
            ((Vector256.ConvertToSingle(b.AsInt32()) * scale) + offset).StoreUnsafe(ref to, (nuint)i + 8);
            ((Vector256.ConvertToSingle(c.AsInt32()) * scale) + offset).StoreUnsafe(ref to, (nuint)i + 16);
            ((Vector256.ConvertToSingle(d.AsInt32()) * scale) + offset).StoreUnsafe(ref to, (nuint)i + 24);
        }

        for (; i < source.Length; i++)
            target[i] = (source[i] * _scale) + _offset;
    }
}
