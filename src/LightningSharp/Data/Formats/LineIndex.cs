using Microsoft.Win32.SafeHandles;

namespace LightningSharp.Data.Formats;

/// <summary>Where the lines of a file begin.</summary>
/// <param name="starts">The first byte of each line, and the end of the file.</param>
internal sealed class LineIndex(long[] starts)
{
    private const int MostBytes = 1 << 30;

    public int Count => starts.Length - 1;

    /// <summary>First byte and length of a line, its end included.</summary>
    public (long Start, int Length) this[int line] => (starts[line], (int)(starts[line + 1] - starts[line]));

    public static DataException Compressed(string path) => new($"{path} is gzip-compressed. Expected text in UTF-8: unpack it first.");

    /// <exception cref="DataException">The file is gzipped, or a line is too long.</exception>
    public static LineIndex Of(SafeFileHandle file, string path)
    {
        var starts = new List<long>();
        var buffer = new byte[1 << 18];
        long start = 0;
        for (long position = 0; ;)
        {
            int read = RandomAccess.Read(file, buffer, position);
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, read);
            if (position == 0)
            {
                if (GzipPayload.IsGzip(bytes))
                    throw Compressed(path);
                start = bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
            }

            if (read == 0)
            {
                if (start < position)
                    Add(position);
                break;
            }

            for (int at = 0, next; (next = bytes[at..].IndexOf((byte)'\n')) >= 0; at += next + 1)
                Add(position + at + next + 1);
            position += read;
        }

        return new LineIndex([.. starts, start]);

        void Add(long end)
        {
            if (end - start > MostBytes)
                throw new DataException($"{path}, line {starts.Count}: expected at most {MostBytes:N0} bytes, received {end - start:N0}. Is it a text file?");
            starts.Add(start);
            start = end;
        }
    }
}
