namespace LightningSharp.Native;

/// <summary>
/// Marks a version need of a 64-bit little-endian ELF library as weak, so that the dynamic linker accepts a system library without that version.
/// Layout: "Linux Standard Base", chapter Symbol Versioning (<c>Elf64_Verneed</c>, <c>Elf64_Vernaux</c>).
/// </summary>
internal static class ElfVersionNeeds
{
    private const ushort Weak = 2, VersionIndexMask = 0x7fff;
    private const int EntrySize = 16, SymbolSize = 24;

    /// <summary>Sets the weak flag on the need for <paramref name="version"/> inside <paramref name="image"/>.</summary>
    /// <param name="image">The whole file; changed in place.</param>
    /// <param name="version">The version's name, for example <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="harmlessSymbols">The only symbols that may carry this version: names that no code calls.</param>
    /// <returns>True when a need was found and is weak now; false when the file has no such need.</returns>
    /// <exception cref="BadImageFormatException">The file is no such library, is damaged, or needs the version for another symbol.</exception>
    public static bool MakeWeak(Span<byte> image, string version, IReadOnlyCollection<string> harmlessSymbols)
    {
        var elf = new ElfImage(image);
        var dynamic = elf.ReadDynamic();
        if (!dynamic.TryGetValue(ElfImage.VersionNeeds, out var needsAddress)) return false;
        var strings = elf.OffsetOf(dynamic.GetValueOrDefault(ElfImage.StringTable));
        var found = new List<long>();
        var need = elf.OffsetOf(needsAddress);
        for (var i = dynamic.GetValueOrDefault(ElfImage.VersionNeedCount); i > 0; i--)
        {
            var aux = need + elf.U32(need + 8);
            for (var j = elf.U16(need + 2); j > 0; j--)
            {
                if (elf.TextEquals(strings + elf.U32(aux + 8), version)) found.Add(aux);
                if (!Advance(elf, ref aux, elf.U32(aux + 12))) break;
            }

            if (!Advance(elf, ref need, elf.U32(need + 12))) break;
        }

        // Everything is checked before the first byte changes: a refusal leaves the image as it was.
        foreach (var aux in found) RequireHarmless(elf, dynamic, strings, elf.U16(aux + 6), version, harmlessSymbols);
        foreach (var aux in found) elf.WriteU16(aux + 4, (ushort)(elf.U16(aux + 4) | Weak));
        return found.Count > 0;
    }

    // Entries that overlap are damage; demanding their full size also bounds the work on a crafted file.
    private static bool Advance(ElfImage elf, ref long entry, uint next)
    {
        if (next is > 0 and < EntrySize) throw elf.Damaged(entry);
        entry += next;
        return next != 0;
    }

    private static void RequireHarmless(
        ElfImage elf, Dictionary<ulong, ulong> dynamic, long strings, ushort versionIndex, string version, IReadOnlyCollection<string> harmless)
    {
        if (!dynamic.TryGetValue(ElfImage.SymbolTable, out var symbolAddress) || !dynamic.TryGetValue(ElfImage.VersionSymbols, out var versionAddress))
            throw new BadImageFormatException("The ELF file has version needs but no dynamic symbols.");
        long symbols = elf.OffsetOf(symbolAddress), versions = elf.OffsetOf(versionAddress);

        // The symbol table has no length of its own: it ends where the next table starts. Reading too far could only refuse, never accept.
        var end = elf.NextTableAfter(symbolAddress, dynamic);
        for (long i = 0; symbols + ((i + 1) * SymbolSize) <= end; i++)
        {
            if ((elf.U16(versions + (2 * i)) & VersionIndexMask) != (versionIndex & VersionIndexMask)) continue;
            var name = strings + elf.U32(symbols + (i * SymbolSize));
            if (!elf.TextIsOneOf(name, harmless))
                throw new BadImageFormatException($"The library really needs {version}: it calls '{elf.Text(name)}'. A newer libstdc++ is required.");
        }
    }
}
