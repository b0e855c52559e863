using System.Text;

namespace LightningSharp.Tests.Native;

/// <summary>Builds the smallest ELF libraries that have version needs: one loadable segment, one dynamic segment, five tables.</summary>
internal sealed class ElfBuilder
{
    public List<(string Library, List<(string Version, ushort Index, ushort Flags)> Versions)> Needs { get; } = [];

    public List<(string Name, ushort Index)> Symbols { get; } = [];

    public bool WithoutSymbols { get; init; }

    public static ElfBuilder Typical() => new()
    {
        Needs =
        {
            ("libc.so.6", [("GLIBC_2.2.5", 2, 0)]),
            ("libstdc++.so.6", [("GLIBCXX_3.4", 3, 0), ("GLIBCXX_3.4.32", 4, 0)]),
        },
        Symbols = { ("malloc", 2), ("_ZNSolsEi", 3), ("_ZSt21ios_base_library_initv", 4) },
    };

    public byte[] Build()
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        uint Text(string text)
        {
            var at = (uint)strings.Position;
            strings.Write(Encoding.UTF8.GetBytes(text));
            strings.WriteByte(0);
            return at;
        }

        const int programHeaders = 64, symbolsAt = programHeaders + (2 * 56);
        var symbols = Table(writer =>
        {
            writer.Write(new byte[24]);
            foreach (var (name, _) in Symbols)
            {
                writer.Write(Text(name));
                writer.Write(new byte[20]);
            }
        });
        var versions = Table(writer =>
        {
            writer.Write((ushort)0);
            foreach (var (_, index) in Symbols) writer.Write(index);
        });
        var needs = Table(writer =>
        {
            foreach (var (library, auxiliaries) in Needs)
            {
                var isLast = library == Needs[^1].Library;
                writer.Write((ushort)1);
                writer.Write((ushort)auxiliaries.Count);
                writer.Write(Text(library));
                writer.Write(16u);
                writer.Write(isLast ? 0u : 16u + (16u * (uint)auxiliaries.Count));
                for (var i = 0; i < auxiliaries.Count; i++)
                {
                    writer.Write(0u);
                    writer.Write(auxiliaries[i].Flags);
                    writer.Write(auxiliaries[i].Index);
                    writer.Write(Text(auxiliaries[i].Version));
                    writer.Write(i == auxiliaries.Count - 1 ? 0u : 16u);
                }
            }
        });
        var texts = strings.ToArray();
        long versionsAt = symbolsAt + symbols.Length, needsAt = versionsAt + versions.Length, textsAt = needsAt + needs.Length, dynamicAt = textsAt + texts.Length;
        var dynamic = Table(writer =>
        {
            List<(ulong, long)> entries = [(5, textsAt), (0x6ffffffe, needsAt), (0x6fffffff, Needs.Count)];
            if (!WithoutSymbols) entries.AddRange([(6, symbolsAt), (0x6ffffff0, versionsAt)]);
            foreach (var (tag, value) in entries)
            {
                writer.Write(tag);
                writer.Write(value);
            }

            writer.Write(new byte[16]);
        });

        return Table(writer =>
        {
            writer.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            writer.Write((ushort)3);
            writer.Write((ushort)62);
            writer.Write(1u);
            writer.Write(0L);
            writer.Write((long)programHeaders);
            writer.Write(0L);
            writer.Write(0u);
            foreach (var value in (ushort[])[64, 56, 2, 0, 0, 0]) writer.Write(value);
            Segment(writer, 1, 0, dynamicAt + dynamic.Length);
            Segment(writer, 2, dynamicAt, dynamic.Length);
            foreach (var table in (byte[][])[symbols, versions, needs, texts, dynamic]) writer.Write(table);
        });
    }

    private static void Segment(BinaryWriter writer, uint type, long offset, long size)
    {
        writer.Write(type);
        writer.Write(4u);
        foreach (var value in (long[])[offset, offset, offset, size, size, 8]) writer.Write(value);
    }

    private static byte[] Table(Action<BinaryWriter> write)
    {
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream)) write(writer);
        return stream.ToArray();
    }
}
