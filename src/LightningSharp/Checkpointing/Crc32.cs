using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LightningSharp.Checkpointing;

/// <summary>
/// CRC-32 as zip has it (polynomial 0x04C11DB7, reflected). Folds 64 bytes at a time with carry-less multiplication where the processor
/// has it, which is faster than any disk; eight tables otherwise. Constants: V. Gopal et al., "Fast CRC computation for generic polynomials using PCLMULQDQ", Intel 2009.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The CRC of everything so far followed by <paramref name="data"/>; starts at 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        if (Pclmulqdq.IsSupported && data.Length >= 64)
        {
            var whole = data.Length & ~15;
            crc = Fold(crc, data[..whole]);
            data = data[whole..];
        }

        return ~ByTable(crc, data);
    }

    internal static uint AppendByTable(uint crc, ReadOnlySpan<byte> data) => ~ByTable(~crc, data);

    private static uint ByTable(uint crc, ReadOnlySpan<byte> data)
    {
        var t = Tables;
        while (data.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t[1792 + (low & 255)] ^ t[1536 + ((low >> 8) & 255)] ^ t[1280 + ((low >> 16) & 255)] ^ t[1024 + (low >> 24)]
                ^ t[768 + (high & 255)] ^ t[512 + ((high >> 8) & 255)] ^ t[256 + ((high >> 16) & 255)] ^ t[high >> 24];
            data = data[8..];
        }

        foreach (var b in data) crc = t[(crc ^ b) & 255] ^ (crc >> 8);
        return crc;
    }

    private static uint Fold(uint crc, ReadOnlySpan<byte> data)
    {
        var by64 = Vector128.Create(0x0154442bd4UL, 0x01c6e41596UL);
        var by16 = Vector128.Create(0x01751997d0UL, 0x00ccaa009eUL);
        var x1 = Load(data, 0) ^ Vector128.CreateScalar(crc).AsUInt64();
        var (x2, x3, x4) = (Load(data, 16), Load(data, 32), Load(data, 48));
        data = data[64..];
        while (data.Length >= 64)
        {
            x1 = Step(x1, by64) ^ Load(data, 0);
            x2 = Step(x2, by64) ^ Load(data, 16);
            x3 = Step(x3, by64) ^ Load(data, 32);
            x4 = Step(x4, by64) ^ Load(data, 48);
            data = data[64..];
        }

        x1 = Step(x1, by16) ^ x2;
        x1 = Step(x1, by16) ^ x3;
        x1 = Step(x1, by16) ^ x4;
        for (; data.Length >= 16; data = data[16..]) x1 = Step(x1, by16) ^ Load(data, 0);
        return Reduce(x1, by16);
    }

    private static uint Reduce(Vector128<ulong> x, Vector128<ulong> by16)
    {
        var low = Vector128.Create(0xFFFFFFFFUL, 0xFFFFFFFFUL);
        var polynomial = Vector128.Create(0x01db710641UL, 0x01f7011641UL);
        x = Sse2.ShiftRightLogical128BitLane(x, 8) ^ Pclmulqdq.CarrylessMultiply(x, by16, 0x10);
        x = Sse2.ShiftRightLogical128BitLane(x, 4) ^ Pclmulqdq.CarrylessMultiply(x & low, Vector128.CreateScalar(0x0163cd6124UL), 0x00);
        var quotient = Pclmulqdq.CarrylessMultiply(x & low, polynomial, 0x10) & low;
        return (x ^ Pclmulqdq.CarrylessMultiply(quotient, polynomial, 0x00)).AsUInt32()[1];
    }

    private static Vector128<ulong> Step(Vector128<ulong> x, Vector128<ulong> k) =>
        Pclmulqdq.CarrylessMultiply(x, k, 0x00) ^ Pclmulqdq.CarrylessMultiply(x, k, 0x11);

    private static Vector128<ulong> Load(ReadOnlySpan<byte> data, int offset) => Vector128.Create(data.Slice(offset, 16)).AsUInt64();

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value >> 1) ^ ((value & 1) * 0xEDB88320u);
            tables[i] = value;
        }

        for (var i = 256; i < tables.Length; i++) tables[i] = tables[tables[i - 256] & 255] ^ (tables[i - 256] >> 8);
        return tables;
    }
}
