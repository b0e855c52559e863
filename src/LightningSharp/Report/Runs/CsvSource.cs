using System.Buffers.Text;
using System.Text;
using LightningSharp.Logging;

namespace LightningSharp.Report.Runs;

/// <summary>Reads <c>metrics.csv</c> of ours or of any program that has a <c>step</c> column.</summary>
internal sealed class CsvSource(string path, RunContent content)
{
    private readonly LineTail _tail = new(path);
    private List<Series?>? _columns;
    private int _stepColumn = -1;
    private long _row;

    internal bool Refresh() => _tail.Read(OnLine, OnRestart);

    private void OnRestart()
    {
        content.Clear();
        _columns = null;
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        if (_columns is null)
        {
            ReadHeader(Encoding.UTF8.GetString(line).TrimStart('\ufeff'));
            return;
        }

        long? step = _stepColumn < 0 ? _row : Step(line);
        _row++;
        if (step is not { } at)
        {
            return;
        }

        for (var column = 0; column < _columns.Count; column++)
        {
            var cell = Next(ref line, out var isLast);
            if (_columns[column] is { } series && cell.Length > 0 && TryNumber(cell, out var value))
            {
                series.Add(at, value);
            }

            if (isLast)
            {
                return;
            }
        }
    }

    private void ReadHeader(string header)
    {
        _columns = [];
        foreach (var cell in CsvNames.Of(header))
        {
            if (cell == "step")
            {
                _stepColumn = _columns.Count;
                _columns.Add(null);
                continue;
            }

            var series = new Series();
            // a name that appears twice keeps its first column
            _columns.Add(content.Series.TryAdd(cell, series) ? series : null);
        }
    }

    private long? Step(ReadOnlySpan<byte> line)
    {
        for (var column = 0; column < _stepColumn; column++)
        {
            Next(ref line, out _);
        }

        return TryNumber(Next(ref line, out _), out var step) && Math.Abs(step) < long.MaxValue ? (long)step : null;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line, out bool isLast)
    {
        var comma = line.IndexOf((byte)',');
        isLast = comma < 0;
        var cell = isLast ? line : line[..comma];
        line = isLast ? [] : line[(comma + 1)..];
        return cell;
    }

    private static bool TryNumber(ReadOnlySpan<byte> cell, out double value)
    {
        if (Utf8Parser.TryParse(cell, out value, out var used) && used == cell.Length)
        {
            return true;
        }

        return CsvNames.TryParse(Encoding.UTF8.GetString(cell), out value);
    }
}
