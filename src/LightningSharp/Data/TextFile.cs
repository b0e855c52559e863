using System.Text;
using LightningSharp.Data.Formats;
using LightningSharp.Data.Reading;
using Microsoft.Win32.SafeHandles;

namespace LightningSharp.Data;

/// <summary>
/// The lines of a UTF-8 text file as items, read from the disk when they are asked for: only where each line begins is kept, eight bytes per line. Line ends (<c>\n</c> or <c>\r\n</c>) and
/// a byte order mark are left out; the last line counts whether or not it has an end. Any number of threads may read.
/// </summary>
/// <example><code>
/// using var reviews = new TextFile("reviews.txt");
/// var loader = new DataLoader&lt;string[]&gt;(reviews, batchSize: 32, shuffle: true);          // in any order
/// var stream = new DataLoader&lt;string[]&gt;(TextFile.Stream("reviews.txt"), batchSize: 32);   // from the front
/// </code></example>
public sealed class TextFile : IDataset<string>, IDisposable
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly LineIndex _lines;

    /// <summary>Looks through the file once for its lines.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file cannot be read, is gzipped, or has a line of more than 1 GB.</exception>
    public TextFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        try
        {
            _file = File.OpenHandle(path, options: FileOptions.RandomAccess);
            _lines = LineIndex.Of(_file, path);
        }
        catch (Exception failure)
        {
            _file?.Dispose();
            if (failure is IOException or UnauthorizedAccessException)
                throw new DataException($"{path} could not be read: {failure.Message}", failure);
            throw;
        }
    }

    /// <summary>Number of lines.</summary>
    public int Count => _lines.Count;

    /// <summary>The line at a position, without its end.</summary>
    /// <exception cref="DataException">The file became shorter, or the line is no UTF-8 text.</exception>
    public string Get(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        var (start, length) = _lines[index];
        byte[] bytes = System.Buffers.ArrayPool<byte>.Shared.Rent(length);
        try
        {
            for (int read = 0, more; read < length; read += more)
            {
                more = RandomAccess.Read(_file, bytes.AsSpan(read, length - read), start + read);
                if (more == 0)
                    throw new DataException($"{_path} ends before line {index} is complete. It was longer when it was opened: open it again after it has changed.");
            }

            var line = bytes.AsSpan(0, length);
            if (line is [.., (byte)'\n'])
                line = line[..^1];
            if (line is [.., (byte)'\r'])
                line = line[..^1];
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException failure)
        {
            throw new DataException($"{_path}, line {index}: expected UTF-8 text. {failure.Message}", failure);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The lines of a file from its front, with nothing kept in memory; opened anew for each epoch.</summary>
    /// <param name="path">The file.</param>
    /// <param name="count">Its number of lines, if known; it gives the loader a length.</param>
    public static IStreamDataset<string> Stream(string path, int? count = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (count is { } known)
            ArgumentOutOfRangeException.ThrowIfNegative(known, nameof(count));
        return new FunctionStream<string>(_ => Lines(path), count);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    // Not StreamReader.ReadLine, for which a lone carriage return ends a line as well: both ways must count the same lines.
    private static IEnumerable<string> Lines(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[2];
        if (file.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && GzipPayload.IsGzip(head))
            throw LineIndex.Compressed(path);
        file.Position = 0;
        using var text = new StreamReader(file, Strict);
        var (buffer, line) = (new char[1 << 14], new StringBuilder());
        for (int read; (read = text.Read(buffer, 0, buffer.Length)) > 0;)
        {
            int from = 0;
            for (int end; (end = Array.IndexOf(buffer, '\n', from, read - from)) >= 0; from = end + 1)
                yield return Take(line.Append(buffer, from, end - from));
            line.Append(buffer, from, read - from);
        }

        if (line.Length > 0)
            yield return Take(line);
    }

    private static string Take(StringBuilder line)
    {
        string text = line.ToString(0, line.Length > 0 && line[^1] == '\r' ? line.Length - 1 : line.Length);
        line.Clear();
        return text;
    }
}
