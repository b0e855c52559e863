using System.Buffers;
using System.Globalization;
using System.Text;

namespace LightningSharp.Logging;

/// <summary>How one cell of <c>metrics.csv</c> is written and read. A cell never holds a line end, so that a line is always a row.</summary>
internal static class CsvCell
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"");

    /// <summary>
    /// The text of a header cell. A name that a spreadsheet would take for a formula (it starts with = + - @) gets an apostrophe,
    /// and so does one that already starts with apostrophes before such a sign: <see cref="NameOf"/> takes exactly one away again.
    /// </summary>
    internal static string HeaderOf(string name)
    {
        var safe = TextEscape.ForConsole(name);
        return Quote(StartsFormula(safe) ? "'" + safe : safe);
    }

    internal static string NameOf(string cell) => cell.StartsWith('\'') && StartsFormula(cell) ? cell[1..] : cell;

    /// <summary>Culture-free, shortest form that reads back to the same double.</summary>
    internal static void Append(StringBuilder line, double value)
    {
        Span<char> digits = stackalloc char[32];
        _ = double.IsNaN(value) ? line.Append("nan")
            : double.IsInfinity(value) ? line.Append(value > 0 ? "inf" : "-inf")
            : value.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture) ? line.Append(digits[..length])
            : line.Append(value.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Reads a number in any usual spelling of NaN and infinity.</summary>
    internal static bool TryParse(ReadOnlySpan<char> cell, out double value)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        (value, var known) = cell switch
        {
            "nan" or "NAN" => (double.NaN, true),
            "inf" or "+inf" or "Inf" => (double.PositiveInfinity, true),
            "-inf" or "-Inf" => (double.NegativeInfinity, true),
            _ => (0, false),
        };
        return known;
    }

    /// <summary>The cells of one line.</summary>
    internal static List<string> Split(string line)
    {
        List<string> cells = [];
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }

    private static string Quote(string text)
        => text.AsSpan().ContainsAny(NeedsQuotes) ? '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"' : text;

    private static bool StartsFormula(string text)
    {
        var rest = text.AsSpan().TrimStart('\'');
        return rest is ['=' or '+' or '-' or '@', ..];
    }
}
