using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>
/// Appends records to one event file: length (8 bytes), its masked CRC-32C, payload, its masked CRC-32C, all little-endian.
/// Records wait in memory for <see cref="Flush"/> or for 64 KiB.
/// </summary>
internal sealed partial class EventFileWriter : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private static int _filesOfThisProcess;

    private readonly FileStream _file;
    private byte[] _buffer = new byte[BufferSize];
    private int _used;

    internal EventFileWriter(string directory)
    {
        Directory.CreateDirectory(directory);
        (_file, Path) = Create(directory);
    }

    internal string Path { get; }

    internal void Append(ReadOnlySpan<byte> payload)
    {
        var size = payload.Length + 16;
        if (_used + size > _buffer.Length)
        {
            Flush(toDisk: false);
            if (size > _buffer.Length)
            {
                _buffer = new byte[size];
            }
        }

        var record = _buffer.AsSpan(_used, size);
        BinaryPrimitives.WriteInt64LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Crc32C.Masked(record[..8]));
        payload.CopyTo(record[12..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[(12 + payload.Length)..], Crc32C.Masked(payload));
        _used += size;
    }

    internal void Flush(bool toDisk)
    {
        if (_used > 0)
        {
            var before = _file.Length;
            try
            {
                _file.Write(_buffer, 0, _used);
                _file.Flush(flushToDisk: false);
            }
            catch (IOException)
            {
                // a full disk may have taken half a record, after which nothing of the file could be read
                _file.SetLength(before);
                throw;
            }

            _used = 0;
        }

        if (toDisk)
        {
            _file.Flush(flushToDisk: true);
        }
    }

    public void Dispose()
    {
        try
        {
            Flush(toDisk: false);
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <summary>Readers take the files of a folder in the order of the seconds in their names, so a new one must not sort before an older one even if the clock was set back.</summary>
    private static (FileStream File, string Path) Create(string directory)
    {
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (var path in Directory.EnumerateFiles(directory, "events.out.tfevents.*"))
        {
            if (Seconds().Match(System.IO.Path.GetFileName(path)) is { Success: true } match
                && long.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var other) && other >= seconds)
            {
                seconds = other + 1;
            }
        }

        var host = string.Concat(Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
        var number = Interlocked.Increment(ref _filesOfThisProcess);
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:D10}.{host}.{Environment.ProcessId}.{number}");
        var full = System.IO.Path.Combine(directory, name);
        return (new(full, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), full);
    }

    [GeneratedRegex(@"^events\.out\.tfevents\.(\d{1,18})\.", RegexOptions.CultureInvariant)]
    private static partial Regex Seconds();
}
