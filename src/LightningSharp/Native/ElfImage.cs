using System.Buffers.Binary;
using System.Text;

namespace LightningSharp.Native;

/// <summary>Bounds-checked access to a 64-bit little-endian ELF file: whatever is wrong with it ends in <see cref="BadImageFormatException"/>.</summary>
internal readonly ref struct ElfImage
{
    public const ulong StringTable = 5, SymbolTable = 6, VersionSymbols = 0x6ffffff0, VersionNeeds = 0x6ffffffe, VersionNeedCount = 0x6fffffff;
    private const ulong LoadSegment = 1, DynamicSegment = 2;
    private const int HeaderSize = 64, SegmentSize = 56, DynamicEntrySize = 16, LongestName = 4096;

    // Dynamic entries whose value is the address of a table: hash, strings, symbols, relocations, version tables.
    private static readonly ulong[] Tables =
        [4, StringTable, SymbolTable, 7, 17, 23, 25, 26, 32, 0x6ffffef5, VersionSymbols, 0x6ffffffc, VersionNeeds];

    private readonly Span<byte> _image;

    public ElfImage(Span<byte> image)
    {
        if (image.Length < HeaderSize || !image[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new BadImageFormatException("Not a 64-bit little-endian ELF file.");
        _image = image;
    }

    public ushort U16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, 2));

    public uint U32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, 4));

    public ulong U64(long offset) => BinaryPrimitives.ReadUInt64LittleEndian(At(offset, 8));

    public void WriteU16(long offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(At(offset, 2), value);

    public string Text(long offset) => Encoding.UTF8.GetString(Characters(offset));

    public bool TextEquals(long offset, string expected) => Characters(offset).SequenceEqual(Encoding.UTF8.GetBytes(expected));

    public bool TextIsOneOf(long offset, IReadOnlyCollection<string> expected)
    {
        foreach (var candidate in expected)
        {
            if (TextEquals(offset, candidate)) return true;
        }

        return false;
    }

    public Dictionary<ulong, ulong> ReadDynamic()
    {
        var entries = new Dictionary<ulong, ulong>();
        foreach (var (type, offset, _, size) in Segments())
        {
            if (type != DynamicSegment) continue;
            for (ulong at = 0; size - at >= DynamicEntrySize; at += DynamicEntrySize)
            {
                var entry = Position(offset, at);
                var tag = U64(entry);
                if (tag == 0) break;
                entries[tag] = U64(entry + 8);
            }
        }

        return entries;
    }

    public long OffsetOf(ulong address)
    {
        foreach (var (type, offset, virtualAddress, size) in Segments())
        {
            if (type == LoadSegment && address >= virtualAddress && address - virtualAddress < size) return Position(offset, address - virtualAddress);
        }

        throw new BadImageFormatException($"The ELF file is damaged: address 0x{address:x} lies in no segment.");
    }

    /// <summary>The offset at which the table that follows <paramref name="address"/> starts; the end of the file when none does.</summary>
    public long NextTableAfter(ulong address, Dictionary<ulong, ulong> dynamic)
    {
        long start = OffsetOf(address), end = _image.Length;
        foreach (var table in Tables)
        {
            if (dynamic.TryGetValue(table, out var other) && other > address && OffsetOf(other) is var offset && offset > start) end = Math.Min(end, offset);
        }

        return end;
    }

    public BadImageFormatException Damaged(long offset)
        => new($"The ELF file is damaged: offset {offset} makes no sense in its {_image.Length} bytes.");

    private List<(ulong Type, ulong Offset, ulong Address, ulong Size)> Segments()
    {
        var table = Position(U64(32), 0);
        int entrySize = U16(54), count = U16(56);
        if (count > 0 && entrySize < SegmentSize) throw Damaged(54);
        var segments = new List<(ulong, ulong, ulong, ulong)>(count);
        for (var i = 0; i < count; i++)
        {
            var header = table + ((long)i * entrySize);
            segments.Add((U32(header), U64(header + 8), U64(header + 16), U64(header + 32)));
        }

        return segments;
    }

    private long Position(ulong start, ulong distance)
    {
        var length = (ulong)_image.Length;
        return start <= length && distance <= length - start ? (long)(start + distance) : throw Damaged(unchecked((long)start));
    }

    private ReadOnlySpan<byte> Characters(long offset)
    {
        if (offset < 0 || offset >= _image.Length) throw Damaged(offset);
        var rest = _image[(int)offset..];
        var end = rest[..Math.Min(rest.Length, LongestName)].IndexOf((byte)0);
        return end >= 0 ? rest[..end] : throw Damaged(offset);
    }

    private Span<byte> At(long offset, int length)
        => offset >= 0 && offset <= _image.Length - length ? _image.Slice((int)offset, length) : throw Damaged(offset);
}
