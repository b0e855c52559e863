using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace LightningSharp.Checkpointing.Pickling;

/// <summary>Walks through the bytes of a pickle. Every length is compared with the bytes that are left before anything is allocated.</summary>
internal sealed class PickleCursor(byte[] bytes)
{
    private const int LongestLine = 512;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public int Offset { get; private set; }

    public int Length => bytes.Length;

    public bool StartsWith(byte value) => bytes.Length > 0 && bytes[0] == value;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - Offset)) throw Corrupt($"{count:N0} bytes are announced, but {bytes.Length - Offset:N0} are left");
        var span = bytes.AsSpan(Offset, (int)count);
        Offset += (int)count;
        return span;
    }

    public string Text(ulong count)
    {
        var span = Take(count);
        try
        {
            return StrictUtf8.GetString(span);
        }
        catch (DecoderFallbackException)
        {
            // Python writes half of a surrogate pair as three bytes; nothing we need has them.
            throw Corrupt("a text is not UTF-8");
        }
    }

    public string Latin1(ulong count) => Encoding.Latin1.GetString(Take(count));

    public string Line()
    {
        var rest = bytes.AsSpan(Offset);
        var end = rest[..Math.Min(rest.Length, LongestLine + 1)].IndexOf((byte)'\n');
        if (end < 0)
        {
            throw rest.Length > LongestLine
                ? CheckpointRefusedException.Limit($"A line of text at byte {Offset:N0} of data.pkl is longer than {LongestLine} bytes.")
                : Corrupt("a line of text does not end");
        }

        var line = Text((ulong)end);
        Offset++;
        return line;
    }

    /// <summary>A whole number in two's complement: long where it fits, BigInteger up to 255 bytes.</summary>
    public object Integer(uint count)
    {
        if (count > byte.MaxValue && count <= (uint)(bytes.Length - Offset)) throw CheckpointRefusedException.Limit($"A whole number of {count:N0} bytes at byte {Offset:N0} of data.pkl; the limit is 255 bytes.");
        return Shrink(new BigInteger(Take(count), isUnsigned: false, isBigEndian: false));
    }

    public object DecimalInteger(string line)
    {
        var digits = line.EndsWith('L') ? line[..^1] : line;
        if (!BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) throw Corrupt($"{Quoted.Text(line)} is no whole number");
        return Shrink(value);
    }

    public CheckpointRefusedException Corrupt(string what) => CheckpointRefusedException.Corrupt($"At byte {Offset:N0} of data.pkl: {what}.");

    private static object Shrink(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
}
