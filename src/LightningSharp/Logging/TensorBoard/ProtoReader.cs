using System.Buffers.Binary;
using System.Text;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>Walks over the fields of one protocol-buffer message. Damaged data ends the walk by <see cref="InvalidDataException"/>, never by reading outside.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private ulong _number;
    private ReadOnlySpan<byte> _bytes;

    internal int Field { get; private set; }

    internal int WireType { get; private set; }

    internal readonly long Int => (long)_number;

    internal readonly double Double => WireType == 5 ? BitConverter.UInt32BitsToSingle((uint)_number) : BitConverter.UInt64BitsToDouble(_number);

    internal readonly ReadOnlySpan<byte> Bytes => _bytes;

    internal readonly string Text => Encoding.UTF8.GetString(_bytes);

    /// <summary>Moves to the next field; false at the end.</summary>
    internal bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        (Field, WireType) = ((int)(tag >> 3), (int)(tag & 7));
        _number = 0;
        _bytes = default;
        switch (WireType)
        {
            case 0:
                _number = Varint();
                break;
            case 1:
                _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                _bytes = Take(Varint());
                break;
            case 5:
                _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new InvalidDataException($"Unknown wire type {WireType} in an event.");
        }

        return true;
    }

    /// <summary>Appends the current field's numbers, packed or single.</summary>
    internal readonly void AddDoubles(List<double> target)
    {
        if (WireType != 2)
        {
            target.Add(Double);
            return;
        }

        for (var i = 0; i + 8 <= _bytes.Length; i += 8)
        {
            target.Add(BinaryPrimitives.ReadDoubleLittleEndian(_bytes[i..]));
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number in an event has more than ten bytes.");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw new InvalidDataException($"An event ends {count - (ulong)_rest.Length} bytes before a field does.");
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
