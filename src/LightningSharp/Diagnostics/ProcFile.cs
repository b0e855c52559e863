using System.Buffers.Text;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LightningSharp.Diagnostics;

/// <summary>A small file of the kernel that is read again and again: opened once, no allocation per read.</summary>
internal sealed class ProcFile : IDisposable
{
    private readonly SafeFileHandle? _handle;
    private readonly byte[] _buffer = new byte[4096];

    public ProcFile(string path)
    {
        try
        {
            if (File.Exists(path)) _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A kernel that hides the file is a kernel without it.
        }
    }

    public bool Exists => _handle is not null;

    /// <summary>The n-th number of the first line, counted from 0; 0 when there is none.</summary>
    public long Number(int field)
    {
        var text = Read();
        for (; field > 0; field--)
        {
            var space = text.IndexOf((byte)' ');
            if (space < 0) return 0;
            text = text[(space + 1)..];
        }

        return Utf8Parser.TryParse(text, out long value, out _) ? value : 0;
    }

    /// <summary>The number behind <paramref name="key"/> at the start of a line; 0 when there is none.</summary>
    public long Number(string key)
    {
        var text = Read();
        Span<byte> name = stackalloc byte[64];
        name = name[..Encoding.UTF8.GetBytes(key, name)];
        while (!text.IsEmpty)
        {
            if (text.StartsWith(name)) return Utf8Parser.TryParse(text[name.Length..].TrimStart((byte)' '), out long value, out _) ? value : 0;
            var end = text.IndexOf((byte)'\n');
            if (end < 0) return 0;
            text = text[(end + 1)..];
        }

        return 0;
    }

    public void Dispose() => _handle?.Dispose();

    private ReadOnlySpan<byte> Read()
    {
        if (_handle is null) return default;
        try
        {
            return _buffer.AsSpan(0, RandomAccess.Read(_handle, _buffer, 0));
        }
        catch (IOException)
        {
            return default; // the control group was removed
        }
    }
}
