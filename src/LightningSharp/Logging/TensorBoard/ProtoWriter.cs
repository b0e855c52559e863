using System.Buffers.Binary;
using System.Text;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>The part of the protocol-buffer wire format that event files need. One growing buffer; a nested message is written in place and its length put before it.</summary>
internal sealed class ProtoWriter
{
    private byte[] _buffer = new byte[1024];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    internal void Double(int field, double value)
    {
        Tag(field, 1);
        BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);
    }

    internal void Float(int field, float value)
    {
        Tag(field, 5);
        BinaryPrimitives.WriteSingleLittleEndian(Take(4), value);
    }

    internal void Int(int field, long value)
    {
        Tag(field, 0);
        Varint((ulong)value);
    }

    internal void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Varint((ulong)value.Length);
        value.CopyTo(Take(value.Length));
    }

    internal void Text(int field, string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Tag(field, 2);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    internal void PackedDoubles(int field, IReadOnlyList<double> values)
    {
        Tag(field, 2);
        Varint((ulong)values.Count * 8);
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(Take(8), values[i]);
        }
    }

    /// <summary>Begins a nested message; pass what it returns to <see cref="End"/>.</summary>
    internal int Begin(int field)
    {
        Tag(field, 2);
        return Length;
    }

    internal void End(int start)
    {
        var length = Length - start;
        var prefix = 1;
        for (var rest = length >> 7; rest != 0; rest >>= 7)
        {
            prefix++;
        }

        Take(prefix);
        _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(start + prefix));
        Length = start;
        Varint((ulong)length);
        Length += length;
    }

    private void Tag(int field, int wireType) => Varint((ulong)((field << 3) | wireType));

    private void Varint(ulong value)
    {
        var target = Take(10);
        var i = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[i++] = (byte)(value | 0x80);
        }

        target[i++] = (byte)value;
        Length -= 10 - i;
    }

    private Span<byte> Take(int count)
    {
        if (Length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        var taken = _buffer.AsSpan(Length, count);
        Length += count;
        return taken;
    }
}
