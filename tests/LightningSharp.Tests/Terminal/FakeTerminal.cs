using LightningSharp.Callbacks;
using System.Text;

namespace LightningSharp.Tests.Terminal;

/// <summary>Plays text with the control sequences that the live display uses onto a grid, as a terminal does: wraps at its width, moves the cursor, erases.</summary>
internal sealed class FakeTerminal(int width)
{
    private readonly List<StringBuilder> _rows = [new()];
    private int _row;
    private int _column;

    public int Width { get; set; } = width;

    /// <summary>What a person sees, without trailing blanks and empty rows at the end.</summary>
    public IReadOnlyList<string> Screen
    {
        get
        {
            var rows = _rows.Select(row => row.ToString().TrimEnd()).ToList();
            while (rows.Count > 0 && rows[^1].Length == 0) rows.RemoveAt(rows.Count - 1);
            return rows;
        }
    }

    public void Play(string output)
    {
        for (var i = 0; i < output.Length; i++)
        {
            switch (output[i])
            {
                case '\r':
                    _column = 0;
                    break;
                case '\n':
                    MoveDown();
                    _column = 0;
                    break;
                case '\e':
                    i = Control(output, i + 1);
                    break;
                default:
                    Put(output[i]);
                    break;
            }
        }
    }

    private int Control(string output, int start)
    {
        Assert.Equal('[', output[start]);
        var end = start + 1;
        while (!char.IsLetter(output[end])) end++;
        var argument = output[(start + 1)..end];
        switch (output[end])
        {
            case 'A':
                _row = Math.Max(0, _row - int.Parse(argument, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case 'K':
                Truncate(_rows[_row], _column);
                break;
            case 'J':
                Truncate(_rows[_row], _column);
                _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                break;
            case 'm':
                break;
            default:
                Assert.Fail($"unexpected control sequence {argument}{output[end]}");
                break;
        }

        return end;
    }

    private void Put(char sign)
    {
        if (_column == Width)
        {
            MoveDown();
            _column = 0;
        }

        var row = _rows[_row];
        while (row.Length <= _column) row.Append(' ');
        row[_column++] = sign;
    }

    private void MoveDown()
    {
        if (++_row == _rows.Count) _rows.Add(new());
    }

    private static void Truncate(StringBuilder row, int length) => row.Length = Math.Min(row.Length, length);
}
