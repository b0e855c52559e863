using System.Text;

namespace LightningSharp.Terminal;

/// <summary>Collects text until a line is complete and writes it above the live lines.</summary>
internal sealed class GuardedWriter(TextWriter original, LiveLines live) : TextWriter(original.FormatProvider)
{
    private readonly StringBuilder _held = new();

    public override Encoding Encoding => original.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var end = buffer.LastIndexOf('\n') + 1;
        string? lines = null;
        lock (_held)
        {
            if (end > 0)
            {
                lines = _held.Append(buffer[..end]).ToString();
                _held.Clear();
            }

            _held.Append(buffer[end..]);
        }

        if (lines is not null) live.Above(() => Pass(lines));
    }

    /// <summary>The rest of an unfinished line must not be lost; the original stays open.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_held)
        {
            if (_held.Length > 0) Pass(_held.ToString());
            _held.Clear();
        }

        base.Dispose(disposing);
    }

    private void Pass(string text)
    {
        original.Write(text);
        original.Flush();
    }
}
