using System.Buffers.Binary;
using System.Text;

namespace LightningSharp.Checkpointing.Archives;

/// <summary>
/// The directory of a zip file, read so that no two readers can disagree on it: the end record ends the file, the directory ends at the end
/// record, the records fill the rest without a gap or an overlap, names are unique, and local headers say what the directory says.
/// </summary>
internal static class ZipDirectory
{
    private const ushort KnownFlags = 0x0808 | 0x0006; // descriptor, UTF-8; two bits that only matter to deflate and that .NET sets
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static List<ZipEntry> Read(ByteSource source, int maxRecords)
    {
        var (count, offset, size) = FindDirectory(source);
        if (count > (ulong)maxRecords)
            throw CheckpointRefusedException.Limit($"The end record claims {count:N0} records, the limit is {maxRecords:N0} ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxRecords)}).");
        if (count * ZipLayout.CentralHeaderBytes > (ulong)size)
            throw CheckpointRefusedException.Corrupt($"The end record claims {count:N0} records, but the directory has only {size:N0} bytes.");
        if (size > Array.MaxLength) throw CheckpointRefusedException.Limit($"The directory has {size:N0} bytes.");
        var bytes = new byte[size];
        source.Read(offset, bytes);
        var entries = Parse(bytes, (int)count);
        return CheckLayout(source, entries, offset);
    }

    private static (ulong Count, long Offset, long Size) FindDirectory(ByteSource source)
    {
        if (source.Length < ZipLayout.EndBytes) throw CheckpointRefusedException.Corrupt("It is too short for a zip file.");
        var end = source.Length - ZipLayout.EndBytes;
        Span<byte> tail = stackalloc byte[ZipLayout.EndBytes];
        source.Read(end, tail);
        if (U32(tail, 0) != ZipLayout.End)
            throw CheckpointRefusedException.Corrupt("The zip end record is not at the end of the file. The file was cut off, or something was appended.");
        if (U16(tail, 4) != 0 || U16(tail, 6) != 0 || U16(tail, 20) != 0 || U16(tail, 8) != U16(tail, 10))
            throw CheckpointRefusedException.Corrupt("The zip end record has a comment, or spans several disks.");
        ulong count = U16(tail, 10);
        ulong size = U32(tail, 12), offset = U32(tail, 16);
        if (FindEnd64(source, end) is { } position)
        {
            Span<byte> end64 = stackalloc byte[ZipLayout.End64Bytes];
            source.Read(position, end64);
            if (U32(end64, 0) != ZipLayout.End64 || U64(end64, 4) != ZipLayout.End64Bytes - 12 || U32(end64, 16) != 0 || U32(end64, 20) != 0 || U64(end64, 24) != U64(end64, 32))
                throw CheckpointRefusedException.Corrupt("The zip64 end record is damaged.");
            if ((count != ushort.MaxValue && count != U64(end64, 32)) || (size != uint.MaxValue && size != U64(end64, 40)) || (offset != uint.MaxValue && offset != U64(end64, 48)))
                throw CheckpointRefusedException.Corrupt("The two zip end records disagree.");
            (count, size, offset, end) = (U64(end64, 32), U64(end64, 40), U64(end64, 48), position);
        }

        if (offset > (ulong)end || size != (ulong)end - offset)
            throw CheckpointRefusedException.Corrupt("The zip directory does not end where the end record starts. The file was cut off, or something was put before or inside it.");
        return (count, (long)offset, (long)size);
    }

    private static long? FindEnd64(ByteSource source, long end)
    {
        if (end < ZipLayout.End64LocatorBytes + ZipLayout.End64Bytes) return null;
        Span<byte> locator = stackalloc byte[ZipLayout.End64LocatorBytes];
        source.Read(end - ZipLayout.End64LocatorBytes, locator);
        if (U32(locator, 0) != ZipLayout.End64Locator) return null;
        var position = end - ZipLayout.End64LocatorBytes - ZipLayout.End64Bytes;
        if (U32(locator, 4) != 0 || U32(locator, 16) != 1 || U64(locator, 8) != (ulong)position)
            throw CheckpointRefusedException.Corrupt("The zip64 locator is damaged.");
        return position;
    }

    private static List<ZipEntry> Parse(ReadOnlySpan<byte> bytes, int count)
    {
        var entries = new List<ZipEntry>(count);
        var names = new HashSet<string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            if (bytes.Length < ZipLayout.CentralHeaderBytes || U32(bytes, 0) != ZipLayout.CentralHeader)
                throw CheckpointRefusedException.Corrupt($"Record {i} of {count} is missing in the zip directory.");
            int nameBytes = U16(bytes, 28), extraBytes = U16(bytes, 30), commentBytes = U16(bytes, 32);
            var total = ZipLayout.CentralHeaderBytes + nameBytes + extraBytes + commentBytes;
            if (total > bytes.Length) throw CheckpointRefusedException.Corrupt($"Record {i} of the zip directory is cut off.");
            var name = ReadName(bytes.Slice(ZipLayout.CentralHeaderBytes, nameBytes));
            if (!names.Add(name)) throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(name)} is there twice.");
            entries.Add(ParseOne(bytes, name, bytes.Slice(ZipLayout.CentralHeaderBytes + nameBytes, extraBytes)));
            bytes = bytes[total..];
        }

        return bytes.IsEmpty ? entries : throw CheckpointRefusedException.Corrupt($"The zip directory has {bytes.Length:N0} bytes after its {count:N0} records.");
    }

    private static ZipEntry ParseOne(ReadOnlySpan<byte> header, string name, ReadOnlySpan<byte> extra)
    {
        var flags = U16(header, 8);
        if ((flags & ~KnownFlags) != 0) throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(name)} is encrypted or uses an unknown zip feature (flags 0x{flags:x4}).");
        if (U16(header, 34) != 0) throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(name)} is on another disk.");
        ulong packed = U32(header, 20), size = U32(header, 24), offset = U32(header, 42);
        var large = Zip64(extra);
        if (size == uint.MaxValue) size = Take(ref large, name);
        if (packed == uint.MaxValue) packed = Take(ref large, name);
        if (offset == uint.MaxValue) offset = Take(ref large, name);
        var method = U16(header, 10);
        if (method == 0 && packed != size) throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(name)} is stored, but has two sizes: {packed:N0} and {size:N0}.");
        if (size > long.MaxValue || offset > long.MaxValue) throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(name)} claims an impossible size.");
        if (method != 0)
            throw CheckpointRefusedException.Limit($"The record {Quoted.Text(name)} is compressed (method {method}, {packed:N0} to {size:N0} bytes). Only stored records are read, as torch.save writes them: load the file in Python and save it again.");
        return new ZipEntry(name, (long)offset, (long)size, U32(header, 16), flags, method);
    }

    private static ReadOnlySpan<byte> Zip64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = U16(extra, 2);
            if (length > extra.Length - 4) break;
            if (U16(extra, 0) == ZipLayout.Zip64Extra) return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }

        return [];
    }

    private static ulong Take(ref ReadOnlySpan<byte> large, string name)
    {
        if (large.Length < 8) throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(name)} lacks its zip64 size.");
        var value = U64(large, 0);
        large = large[8..];
        return value;
    }

    private static string ReadName(ReadOnlySpan<byte> bytes)
    {
        string name;
        try
        {
            name = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw CheckpointRefusedException.Corrupt("A record name is not UTF-8.");
        }

        if (name.Length is 0 or > 1024 || name[0] == '/' || name.Contains('\\') || name.Contains(':') || name.Any(char.IsControl) || name.Split('/').Any(part => part is ".." or "."))
            throw CheckpointRefusedException.Corrupt($"The record name {Quoted.Text(name)} is not allowed.");
        return name;
    }

    private static List<ZipEntry> CheckLayout(ByteSource source, List<ZipEntry> entries, long directory)
    {
        var ordered = entries.OrderBy(entry => entry.HeaderOffset).ToList();
        var header = new byte[ZipLayout.LocalHeaderBytes + 4096];
        var expected = 0L;
        for (var i = 0; i < ordered.Count; i++)
        {
            var entry = ordered[i];
            if (entry.HeaderOffset != expected)
                throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(entry.Name)} starts at byte {entry.HeaderOffset:N0}, expected {expected:N0}: records overlap, or bytes lie between them.");
            var dataOffset = CheckLocalHeader(source, entry, header);
            var next = i + 1 < ordered.Count ? ordered[i + 1].HeaderOffset : directory;
            var rest = next - dataOffset - entry.Size;
            if (dataOffset > directory || entry.Size > directory - dataOffset || (entry.HasDescriptor ? rest is not (12 or 16 or 20 or 24) : rest != 0))
                throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(entry.Name)} of {entry.Size:N0} bytes does not fit in its place: records overlap, or the file is damaged.");
            if (entry.HasDescriptor) CheckDescriptor(source, entry, dataOffset + entry.Size, (int)rest);
            ordered[i] = entry with { DataOffset = dataOffset };
            expected = next;
        }

        return ordered;
    }

    private static long CheckLocalHeader(ByteSource source, ZipEntry entry, byte[] buffer)
    {
        var name = Encoding.UTF8.GetBytes(entry.Name);
        var header = buffer.AsSpan(0, ZipLayout.LocalHeaderBytes + name.Length);
        source.Read(entry.HeaderOffset, header);
        var sizesKnown = !entry.HasDescriptor;
        var (crc, packed, size) = (U32(header, 14), U32(header, 18), U32(header, 22));
        var zip64 = size == uint.MaxValue || packed == uint.MaxValue;
        var agrees = U32(header, 0) == ZipLayout.LocalHeader && U16(header, 6) == entry.Flags && U16(header, 8) == entry.Method
            && U16(header, 26) == name.Length && header[ZipLayout.LocalHeaderBytes..].SequenceEqual(name)
            && (crc == entry.Crc || (crc == 0 && !sizesKnown))
            && (zip64 || (size == entry.Size && packed == entry.Size) || (size == 0 && packed == 0 && !sizesKnown));
        if (!agrees) throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(entry.Name)} is described in two different ways by the file.");
        return entry.HeaderOffset + header.Length + U16(header, 28);
    }

    private static void CheckDescriptor(ByteSource source, ZipEntry entry, long offset, int length)
    {
        Span<byte> bytes = stackalloc byte[24];
        bytes = bytes[..length];
        source.Read(offset, bytes);
        if (length is 16 or 24)
        {
            if (U32(bytes, 0) != ZipLayout.Descriptor) throw CheckpointRefusedException.Corrupt($"Unknown bytes follow the record {Quoted.Text(entry.Name)}.");
            bytes = bytes[4..];
        }

        var (packed, size) = bytes.Length == 12 ? (U32(bytes, 4), U32(bytes, 8)) : (U64(bytes, 4), U64(bytes, 12));
        if (U32(bytes, 0) != entry.Crc || size != (ulong)entry.Size || packed != size)
            throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(entry.Name)} is described in two different ways by the file.");
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
