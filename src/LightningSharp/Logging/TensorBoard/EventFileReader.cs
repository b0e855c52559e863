using System.Buffers.Binary;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>
/// Reads event files of any program, also while they are written: each <see cref="ReadNew"/> gives the whole records since the last one.
/// A record whose payload fails its checksum is skipped and counted; one whose length fails ends the file, as nothing behind it can be found.
/// </summary>
public sealed class EventFileReader : IDisposable
{
    private const int LargestRecord = 256 * 1024 * 1024;

    private readonly FileStream _file;
    private readonly byte[] _frame = new byte[12];
    private byte[] _payload = new byte[1024];
    private long _position;
    private long _length;

    /// <summary>Opens the file; a program that writes it is not disturbed.</summary>
    public EventFileReader(string path)
        => _file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024);

    /// <summary>Records that could not be decoded.</summary>
    public int Damaged { get; private set; }

    /// <summary>Whether a damaged length made the rest of the file unreadable.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Everything in a file.</summary>
    public static IReadOnlyList<LoggedEvent> ReadAll(string path)
    {
        using var reader = new EventFileReader(path);
        return [.. reader.ReadNew()];
    }

    /// <summary>The whole records that have been added since the last call; an unfinished one at the end waits for the next.</summary>
    public IEnumerable<LoggedEvent> ReadNew()
    {
        while (!IsBroken && TryReadPayload(out var length))
        {
            if (Decode(length) is { } logged)
            {
                yield return logged;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private LoggedEvent? Decode(int length)
    {
        try
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(_payload.AsSpan(length)) == Crc32C.Masked(_payload.AsSpan(0, length)))
            {
                return EventDecoder.Decode(_payload.AsSpan(0, length));
            }
        }
        catch (InvalidDataException)
        {
            // counted below
        }

        Damaged++;
        return null;
    }

    private bool TryReadPayload(out int length)
    {
        length = 0;
        if (!Has(_position + 16))
        {
            return false;
        }

        if (_file.Position != _position)
        {
            _file.Position = _position;
        }

        _file.ReadExactly(_frame);
        var size = BinaryPrimitives.ReadInt64LittleEndian(_frame);
        if (BinaryPrimitives.ReadUInt32LittleEndian(_frame.AsSpan(8)) != Crc32C.Masked(_frame.AsSpan(0, 8)) || size is < 0 or > LargestRecord)
        {
            IsBroken = true;
            return false;
        }

        if (!Has(_position + 16 + size))
        {
            return false;
        }

        length = (int)size;
        if (_payload.Length < length + 4)
        {
            _payload = new byte[Math.Max(length + 4, _payload.Length * 2)];
        }

        _file.ReadExactly(_payload, 0, length + 4);
        _position += 16 + size;
        return true;
    }

    /// <summary>Asks the file system for the length only when the last answer does not suffice.</summary>
    private bool Has(long end) => _length >= end || (_length = _file.Length) >= end;
}
