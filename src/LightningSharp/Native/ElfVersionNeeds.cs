using System.Buffers.Binary;
using System.Text;

namespace LightningSharp.Native;

/// <summary>
/// Marks a version need of a 64-bit little-endian ELF library as weak, so that the dynamic linker accepts a system library without that version.
/// Layout: "Linux Standard Base", chapter Symbol Versioning (<c>Elf64_Verneed</c>, <c>Elf64_Vernaux</c>).
/// </summary>
internal static class ElfVersionNeeds
{
    private const ulong LoadSegment = 1, DynamicSegment = 2;
    private const ulong StringTable = 5, SymbolTable = 6, VersionSymbols = 0x6ffffff0, VersionNeeds = 0x6ffffffe, VersionNeedCount = 0x6fffffff;
    private const ushort Weak = 2;
    private const int SymbolSize = 24;

    /// <summary>Sets the weak flag on the need for <paramref name="version"/> inside <paramref name="image"/>.</summary>
    /// <param name="image">The whole file; changed in place.</param>
    /// <param name="version">The version's name, for example <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="harmlessSymbols">The only symbols that may carry this version: names that no code calls.</param>
    /// <returns>True when a need was found and is weak now; false when the file has no such need.</returns>
    /// <exception cref="BadImageFormatException">The file is no such library, is damaged, or needs the version for another symbol.</exception>
    public static bool MakeWeak(Span<byte> image, string version, IReadOnlyCollection<string> harmlessSymbols)
    {
        var elf = new Reader(image);
        var dynamic = elf.ReadDynamic();
        if (!dynamic.TryGetValue(VersionNeeds, out var needsAddress)) return false;
        var strings = elf.OffsetOf(dynamic.GetValueOrDefault(StringTable));
        var count = dynamic.GetValueOrDefault(VersionNeedCount);
        var found = false;
        var need = elf.OffsetOf(needsAddress);
        for (ulong i = 0; i < count; i++)
        {
            var aux = checked(need + (int)elf.U32(need + 8));
            var auxCount = elf.U16(need + 2);
            for (var j = 0; j < auxCount; j++)
            {
                if (elf.Text(checked(strings + (int)elf.U32(aux + 8))) == version)
                {
                    RequireHarmless(elf, dynamic, strings, elf.U16(aux + 6), version, harmlessSymbols);
                    elf.WriteU16(aux + 4, (ushort)(elf.U16(aux + 4) | Weak));
                    found = true;
                }

                if (!Advance(elf, ref aux, 12)) break;
            }

            if (!Advance(elf, ref need, 12)) break;
        }

        return found;
    }

    private static bool Advance(Reader elf, ref int entry, int nextField)
    {
        var next = elf.U32(entry + nextField);
        entry = checked(entry + (int)next);
        return next != 0;
    }

    private static void RequireHarmless(
        Reader elf, Dictionary<ulong, ulong> dynamic, int strings, ushort versionIndex, string version, IReadOnlyCollection<string> harmless)
    {
        if (!dynamic.TryGetValue(SymbolTable, out var symbolAddress) || !dynamic.TryGetValue(VersionSymbols, out var versymAddress))
            throw new BadImageFormatException("The ELF file has version needs but no dynamic symbols.");
        int symbols = elf.OffsetOf(symbolAddress), versions = elf.OffsetOf(versymAddress);

        // The dynamic symbol table has no length of its own; linkers place it before the string table or the version table.
        var end = new[] { strings, versions }.Where(offset => offset > symbols).DefaultIfEmpty(symbols).Min();
        for (var i = 0; symbols + ((i + 1) * SymbolSize) <= end; i++)
        {
            if ((elf.U16(versions + (2 * i)) & 0x7fff) != versionIndex) continue;
            var name = elf.Text(checked(strings + (int)elf.U32(symbols + (i * SymbolSize))));
            if (!harmless.Contains(name))
                throw new BadImageFormatException($"The library really needs {version}: it calls '{name}'. A newer libstdc++ is required.");
        }
    }

    /// <summary>Bounds-checked access: every damaged offset ends in <see cref="BadImageFormatException"/>.</summary>
    private readonly ref struct Reader(Span<byte> image)
    {
        private readonly Span<byte> _image = image;

        public ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, 2));

        public uint U32(int offset)
        {
            var value = BinaryPrimitives.ReadUInt32LittleEndian(At(offset, 4));
            return value <= int.MaxValue ? value : throw Damaged(offset);
        }

        public ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(At(offset, 8));

        public void WriteU16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(At(offset, 2), value);

        public string Text(int offset)
        {
            if ((uint)offset >= (uint)_image.Length) throw Damaged(offset);
            var rest = _image[offset..];
            var end = rest.IndexOf((byte)0);
            return end >= 0 ? Encoding.UTF8.GetString(rest[..end]) : throw Damaged(offset);
        }

        public Dictionary<ulong, ulong> ReadDynamic()
        {
            if (_image.Length < 64 || !_image[..6].SequenceEqual(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }))
                throw new BadImageFormatException("Not a 64-bit little-endian ELF file.");
            var entries = new Dictionary<ulong, ulong>();
            foreach (var (type, offset, _, size) in Segments())
            {
                if (type != DynamicSegment) continue;
                for (ulong at = 0; at + 16 <= size; at += 16)
                {
                    var entry = ToOffset(checked(offset + at));
                    var tag = U64(entry);
                    if (tag == 0) break;
                    entries[tag] = U64(entry + 8);
                }
            }

            return entries;
        }

        public int OffsetOf(ulong address)
        {
            foreach (var (type, offset, virtualAddress, size) in Segments())
            {
                if (type == LoadSegment && address >= virtualAddress && address - virtualAddress < size)
                    return ToOffset(checked(offset + (address - virtualAddress)));
            }

            throw new BadImageFormatException($"The ELF file is damaged: address 0x{address:x} lies in no segment.");
        }

        private List<(ulong Type, ulong Offset, ulong Address, ulong Size)> Segments()
        {
            int table = ToOffset(U64(32)), entrySize = U16(54), count = U16(56);
            if (entrySize < 56) throw Damaged(54);
            var segments = new List<(ulong, ulong, ulong, ulong)>(count);
            for (var i = 0; i < count; i++)
            {
                var header = checked(table + (i * entrySize));
                segments.Add((U32Raw(header), U64(header + 8), U64(header + 16), U64(header + 32)));
            }

            return segments;
        }

        private uint U32Raw(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, 4));

        private int ToOffset(ulong value) => value <= (ulong)_image.Length ? (int)value : throw Damaged(0);

        private Span<byte> At(int offset, int length)
            => offset >= 0 && offset <= _image.Length - length ? _image.Slice(offset, length) : throw Damaged(offset);

        private BadImageFormatException Damaged(int offset)
            => new($"The ELF file is damaged: offset {offset} lies outside its {_image.Length} bytes.");
    }
}
