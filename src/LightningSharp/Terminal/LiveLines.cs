using Spectre.Console;

namespace LightningSharp.Terminal;

/// <summary>
/// The lines at the bottom of the terminal that are drawn over and over. Everything else that is written goes above them, under one lock. Each drawing overwrites
/// the last one in a single write, so nothing flickers; after the terminal was made narrower, the rows that old lines now take are counted anew.
/// </summary>
internal sealed class LiveLines(IAnsiConsole console, bool guardsConsole) : IDisposable
{
    private readonly Lock _lock = new();
    private IReadOnlyList<TextLine> _lines = [];
    private ConsoleGuard? _guard;
    private int _width;

    public bool IsOpen => _lines.Count > 0;

    /// <summary>Shows these lines in place of the ones before.</summary>
    public void Draw(IReadOnlyList<TextLine> lines)
    {
        lock (_lock)
        {
            if (guardsConsole) _guard ??= new ConsoleGuard(this);
            console.Write(new LinesView(lines, ToTop(), live: true));
            (_lines, _width) = (lines, console.Profile.Width);
        }
    }

    /// <summary>Writes something that stays, above the live lines.</summary>
    public void Above(Action write)
    {
        lock (_lock)
        {
            var lines = _lines;
            Erase();
            write();
            if (lines.Count == 0) return;
            console.Write(new LinesView(lines, live: true));
            (_lines, _width) = (lines, console.Profile.Width);
        }
    }

    /// <summary>Takes the lines away.</summary>
    public void Close()
    {
        lock (_lock)
        {
            Erase();
            _guard?.Dispose();
            _guard = null;
        }
    }

    public void Dispose() => Close();

    private void Erase()
    {
        if (_lines.Count == 0) return;
        console.Write(new LinesView([], ToTop(), live: true));
        _lines = [];
    }

    // The cursor stands at the end of the last line. Terminals rewrap lines when their width changes.
    private string ToTop()
    {
        if (_lines.Count == 0) return "\r";
        var width = Math.Max(1, console.Profile.Width);
        var rows = 0;
        foreach (var line in _lines) rows += Math.Max(1, (line.Width + width - 1) / width);
        var top = rows > 1 ? $"\r\e[{rows - 1}A" : "\r";
        // Rows that once were wrapped stay joined in the memory of some terminals when they are only written over: clear them.
        return width == _width ? top : top + LinesView.EraseBelow;
    }
}
