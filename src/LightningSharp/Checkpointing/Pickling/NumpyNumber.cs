namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A numpy scalar as a plain number: what a metric computed with numpy leaves in a checkpoint.</summary>
internal static class NumpyNumber
{
    public static object? Decode(NumpyTypeNode type, byte[] bytes)
    {
        var code = type.Code.TrimStart('<', '=', '|', '>');
        if (code.Length != 2 || bytes.Length != code[1] - '0' || bytes.Length > 8) return null;
        if (type.BigEndian || type.Code.StartsWith('>')) bytes = [.. bytes.Reverse()];
        return code switch
        {
            "f8" => BitConverter.ToDouble(bytes),
            "f4" => (double)BitConverter.ToSingle(bytes),
            "f2" => (double)BitConverter.ToHalf(bytes),
            "i8" => BitConverter.ToInt64(bytes),
            "i4" => (long)BitConverter.ToInt32(bytes),
            "i2" => (long)BitConverter.ToInt16(bytes),
            "i1" => (long)(sbyte)bytes[0],
            "u8" => Unsigned(BitConverter.ToUInt64(bytes)),
            "u4" => (long)BitConverter.ToUInt32(bytes),
            "u2" => (long)BitConverter.ToUInt16(bytes),
            "u1" => (long)bytes[0],
            "b1" => bytes[0] <= 1 ? bytes[0] == 1 : null,
            _ => null,
        };
    }

    private static object Unsigned(ulong value) => value <= long.MaxValue ? (long)value : new System.Numerics.BigInteger(value);
}
