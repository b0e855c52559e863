using System.Buffers.Binary;
using System.Text;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>What a tensor inside an event holds: numbers or texts. Types that no summary uses are left out.</summary>
internal sealed record TensorValue(List<double> Numbers, List<byte[]> Texts)
{
    internal static TensorValue Decode(ReadOnlySpan<byte> message)
    {
        TensorValue result = new([], []);
        var type = 0L;
        ReadOnlySpan<byte> content = default;
        for (var field = new ProtoReader(message); field.Next();)
        {
            switch (field.Field)
            {
                case 1: type = field.Int; break;
                case 4: content = field.Bytes; break;
                case 5: result.AddFloats(field); break;
                case 6: field.AddDoubles(result.Numbers); break;
                case 7 or 10 when field.WireType == 0: result.Numbers.Add(field.Int); break;
                case 7 or 10: result.AddVarints(field.Bytes); break;
                case 8: result.Texts.Add(field.Bytes.ToArray()); break;
            }
        }

        result.AddContent(type, content);
        return result;
    }

    internal string Text(int index) => Encoding.UTF8.GetString(Texts[index]);

    /// <summary>Rows of left limit, right limit, count.</summary>
    internal HistogramData? AsHistogram()
    {
        if (Numbers.Count < 3)
        {
            return null;
        }

        List<double> limits = [], counts = [];
        for (var i = 0; i + 2 < Numbers.Count; i += 3)
        {
            limits.Add(Numbers[i + 1]);
            counts.Add(Numbers[i + 2]);
        }

        return new(Numbers[0], limits[^1], 0, 0, limits, counts);
    }

    private void AddFloats(ProtoReader field)
    {
        if (field.WireType != 2)
        {
            Numbers.Add(field.Double);
            return;
        }

        for (var i = 0; i + 4 <= field.Bytes.Length; i += 4)
        {
            Numbers.Add(BinaryPrimitives.ReadSingleLittleEndian(field.Bytes[i..]));
        }
    }

    private void AddVarints(ReadOnlySpan<byte> packed)
    {
        ulong value = 0;
        var shift = 0;
        foreach (var b in packed)
        {
            value |= shift < 64 ? (ulong)(b & 0x7f) << shift : 0;
            shift += 7;
            if (b < 0x80)
            {
                Numbers.Add((long)value);
                (value, shift) = (0, 0);
            }
        }
    }

    private void AddContent(long type, ReadOnlySpan<byte> bytes)
    {
        var size = type switch { 1 or 3 => 4, 2 or 9 => 8, 19 => 2, _ => 0 };
        for (var i = 0; size > 0 && i + size <= bytes.Length; i += size)
        {
            var rest = bytes[i..];
            Numbers.Add(type switch
            {
                1 => BinaryPrimitives.ReadSingleLittleEndian(rest),
                2 => BinaryPrimitives.ReadDoubleLittleEndian(rest),
                3 => BinaryPrimitives.ReadInt32LittleEndian(rest),
                9 => BinaryPrimitives.ReadInt64LittleEndian(rest),
                _ => (double)BinaryPrimitives.ReadHalfLittleEndian(rest),
            });
        }
    }
}
