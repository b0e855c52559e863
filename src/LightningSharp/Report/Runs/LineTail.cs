namespace LightningSharp.Report.Runs;

/// <summary>Reads the whole lines that were added to a file since the last look; notices when the file was replaced and begins again.</summary>
internal sealed class LineTail(string path)
{
    private const int BlockSize = 1024 * 1024;

    private readonly byte[] _lastSeen = new byte[64];
    private int _lastSeenLength;
    private long _position;
    private byte[] _buffer = [];

    internal delegate void LineAction(ReadOnlySpan<byte> line);

    /// <returns>Whether anything was read or restarted.</returns>
    internal bool Read(LineAction onLine, Action onRestart)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var changed = false;
        if (_position > 0 && !IsSameFile(file))
        {
            (_position, _lastSeenLength, changed) = (0, 0, true);
            onRestart();
        }

        if (_buffer.Length == 0)
        {
            _buffer = new byte[BlockSize];
        }

        file.Position = _position;
        var kept = 0;
        for (int read; (read = file.Read(_buffer, kept, _buffer.Length - kept)) > 0;)
        {
            var block = _buffer.AsSpan(0, kept + read);
            var used = Lines(block, onLine);
            changed |= used > 0;
            Remember(block[..used]);
            _position += used;
            kept = block.Length - used;
            block[used..].CopyTo(_buffer);
            if (kept == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }

        return changed;
    }

    private static int Lines(ReadOnlySpan<byte> block, LineAction onLine)
    {
        var used = 0;
        for (int end; (end = block[used..].IndexOf((byte)'\n')) >= 0; used += end + 1)
        {
            onLine(block.Slice(used, end).TrimEnd((byte)'\r'));
        }

        return used;
    }

    private bool IsSameFile(FileStream file)
    {
        if (file.Length < _position)
        {
            return false;
        }

        Span<byte> now = stackalloc byte[_lastSeenLength];
        file.Position = _position - _lastSeenLength;
        file.ReadExactly(now);
        return now.SequenceEqual(_lastSeen.AsSpan(0, _lastSeenLength));
    }

    private void Remember(ReadOnlySpan<byte> read)
    {
        if (read.Length > 0)
        {
            var end = read[Math.Max(0, read.Length - _lastSeen.Length)..];
            end.CopyTo(_lastSeen);
            _lastSeenLength = end.Length;
        }
    }
}
