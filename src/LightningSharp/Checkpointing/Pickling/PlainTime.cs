using System.Buffers.Binary;

namespace LightningSharp.Checkpointing.Pickling;

/// <summary>Python's times, as they stand in a pickle.</summary>
internal static class PlainTime
{
    public static object? Span(long days, long seconds, long micros) =>
        Math.Abs(days) > 10_000_000 || Math.Abs(seconds) > 86_400 || Math.Abs(micros) > 1_000_000 ? null : new TimeSpan((int)days, 0, 0, (int)seconds) + TimeSpan.FromMicroseconds(micros);

    /// <summary>Ten bytes: year (big-endian), month, day, hour, minute, second, microseconds (three, big-endian).</summary>
    public static object? Date(byte[] bytes)
    {
        if (bytes.Length != 10) return null;
        int year = BinaryPrimitives.ReadUInt16BigEndian(bytes), month = bytes[2] & 0x7f, micros = (bytes[7] << 16) | (bytes[8] << 8) | bytes[9];
        if (year is < 1 or > 9999 || month is < 1 or > 12 || bytes[3] < 1 || bytes[3] > DateTime.DaysInMonth(year, month)) return null;
        if (bytes[4] > 23 || bytes[5] > 59 || bytes[6] > 59 || micros > 999_999) return null;
        return new DateTime(year, month, bytes[3], bytes[4], bytes[5], bytes[6], DateTimeKind.Unspecified).AddMicroseconds(micros);
    }
}
