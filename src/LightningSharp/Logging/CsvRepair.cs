using System.Text;

namespace LightningSharp.Logging;

/// <summary>Brings a table that an earlier process left behind into a state that can be continued.</summary>
internal static class CsvRepair
{
    /// <summary>The names in the header, none when there is no usable file. Rows that were cut by a crash (no line end, zero bytes, too few cells) are removed.</summary>
    internal static List<string> ReadHeaderAndCutTornRows(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            var headerEnd = IndexOfLineEnd(file);
            var header = headerEnd < 0 ? "" : ReadText(file, 0, headerEnd).TrimStart('\ufeff').TrimEnd('\r', '\n');
            if (header.Length > 0 && !header.Contains('\0'))
            {
                var names = CsvCell.Split(header).ConvertAll(CsvCell.NameOf);
                CutTornRows(file, headerEnd, names.Count);
                return names;
            }

            if (file.Length == 0)
            {
                return [];
            }
        }

        PutAside(path);
        return [];
    }

    private static void CutTornRows(FileStream file, long headerEnd, int columns)
    {
        var end = file.Length;
        while (end > headerEnd)
        {
            var start = StartOfLineBefore(file, end, headerEnd);
            var line = ReadText(file, start, end);
            if (line.EndsWith('\n') && !line.Contains('\0') && CsvCell.Split(line).Count == columns)
            {
                break;
            }

            end = start;
        }

        if (end < file.Length)
        {
            file.SetLength(end);
        }
    }

    /// <summary>Where the line that ends at <paramref name="end"/> begins.</summary>
    private static long StartOfLineBefore(FileStream file, long end, long floor)
    {
        Span<byte> block = stackalloc byte[4096];
        var stop = end - 1; // the line's own end does not count
        while (stop > floor)
        {
            var length = (int)Math.Min(block.Length, stop - floor);
            file.Position = stop - length;
            file.ReadExactly(block[..length]);
            var at = block[..length].LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                return stop - length + at + 1;
            }

            stop -= length;
        }

        return floor;
    }

    private static long IndexOfLineEnd(FileStream file)
    {
        Span<byte> block = stackalloc byte[4096];
        long offset = 0;
        for (int read; (read = file.Read(block)) > 0; offset += read)
        {
            var at = block[..read].IndexOf((byte)'\n');
            if (at >= 0)
            {
                return offset + at + 1;
            }
        }

        return -1;
    }

    private static string ReadText(FileStream file, long start, long end)
    {
        var bytes = new byte[end - start];
        file.Position = start;
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>A file that is not a table is kept under another name: what it holds is not ours to delete.</summary>
    private static void PutAside(string path)
    {
        for (var number = 0; ; number++)
        {
            var aside = $"{path}.damaged-{number}";
            if (!Path.Exists(aside))
            {
                File.Move(path, aside);
                return;
            }
        }
    }
}
