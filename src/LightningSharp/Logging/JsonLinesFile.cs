using System.Buffers;
using System.Text.Json;

namespace LightningSharp.Logging;

/// <summary>A file of JSON objects, one per line. What an earlier process left without a line end is cut off.</summary>
internal sealed class JsonLinesFile : IDisposable
{
    private const int FlushAfterMilliseconds = 5_000;
    private const int FlushAfterBytes = 64 * 1024;

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAfterBytes);
    private readonly Utf8JsonWriter _json;
    private long _lastFlush = Environment.TickCount64;

    internal JsonLinesFile(string path)
    {
        Path = path;
        Folder = System.IO.Path.GetDirectoryName(path)!; // a joined path has a folder
        _json = new(_buffer, new JsonWriterOptions { SkipValidation = false });
        _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        CutTornLine();
    }

    internal string Path { get; }

    internal string Folder { get; }

    internal Utf8JsonWriter Begin(string kind)
    {
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("event", kind);
        _json.WriteString("time", DateTime.UtcNow);
        return _json;
    }

    internal void End(bool flush)
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        if (flush || _buffer.WrittenCount > FlushAfterBytes || Environment.TickCount64 - _lastFlush > FlushAfterMilliseconds)
        {
            Flush(toDisk: false);
        }
    }

    internal void Flush(bool toDisk)
    {
        var before = _file.Length;
        try
        {
            _file.Write(_buffer.WrittenSpan);
            _file.Flush(toDisk);
        }
        catch (IOException)
        {
            _file.SetLength(before);
            throw;
        }

        _buffer.ResetWrittenCount();
        _lastFlush = Environment.TickCount64;
    }

    /// <summary>The length with everything that is on its way.</summary>
    internal long Length => _file.Length + _buffer.WrittenCount;

    /// <summary>Cuts off what comes after a length that <see cref="Length"/> once was.</summary>
    internal void CutTo(long length)
    {
        Flush(toDisk: false);
        if (length >= _file.Length) return;
        _file.SetLength(length);
        CutTornLine();
    }

    public void Dispose()
    {
        try
        {
            Flush(toDisk: false);
        }
        finally
        {
            _json.Dispose();
            _file.Dispose();
        }
    }

    private void CutTornLine()
    {
        Span<byte> block = stackalloc byte[4096];
        var end = _file.Length;
        while (end > 0)
        {
            var length = (int)Math.Min(block.Length, end);
            _file.Position = end - length;
            _file.ReadExactly(block[..length]);
            var at = block[..length].LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                end = end - length + at + 1;
                break;
            }

            end -= length;
        }

        _file.SetLength(end);
        _file.Position = end;
    }
}
