using System.Buffers.Binary;
using System.Numerics;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>CRC-32C (Castagnoli) with the rotation that record files of TensorFlow apply to it.</summary>
internal static class Crc32C
{
    internal static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= 8; data = data[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (var b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    /// <summary>A checksum of data that itself holds checksums is weak; the mask avoids that.</summary>
    internal static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Of(data), 15) + 0xa282ead8;
}
