namespace LightningSharp.Metrics.Nominal;

/// <summary>A table of counts without its empty rows and columns, and what follows from it.</summary>
internal sealed class Contingency
{
    private readonly double[][] _cells;

    internal Contingency(double[] cells, int classes)
    {
        var all = Enumerable.Range(0, classes).Select(r => cells.Skip(r * classes).Take(classes).ToArray()).Where(r => r.Sum() > 0).ToArray();
        var used = Enumerable.Range(0, classes).Where(c => all.Any(r => r[c] > 0)).ToArray();
        _cells = [.. all.Select(r => used.Select(c => r[c]).ToArray())];
        (Rows, Columns) = (_cells.Length, used.Length);
        Count = _cells.Sum(r => r.Sum());
    }

    internal int Rows { get; }

    internal int Columns { get; }

    internal double Count { get; }

    /// <summary>χ² over n; Yates' correction moves each count half towards its expectation where there is one degree of freedom.</summary>
    internal double PhiSquared(bool corrected)
    {
        var (rows, columns) = (RowSums(), ColumnSums());
        var yates = corrected && (Rows - 1) * (Columns - 1) == 1;
        var sum = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < Columns; j++)
            {
                var expected = rows[i] * columns[j] / Count;
                var gap = _cells[i][j] - expected;
                if (yates) gap -= Math.Sign(gap) * Math.Min(0.5, Math.Abs(gap));
                sum += gap * gap / expected;
            }
        }

        return sum / Count;
    }

    /// <summary>φ², rows and columns without the bias of small samples (W. Bergsma, 2013).</summary>
    internal (double PhiSquared, double Rows, double Columns) Corrected()
    {
        double r = Rows, c = Columns, free = Count - 1;
        var phi = Math.Max(0, PhiSquared(true) - ((r - 1) * (c - 1) / free));
        return (phi, r - ((r - 1) * (r - 1) / free), c - ((c - 1) * (c - 1) / free));
    }

    internal double ColumnEntropy() => -ColumnSums().Sum(s => s / Count * Math.Log(s / Count));

    /// <summary>What remains unknown of the column when the row is known.</summary>
    internal double ColumnEntropyGivenRow()
    {
        var rows = RowSums();
        return -_cells.Select((row, i) => row.Sum(n => n == 0 ? 0 : n / Count * Math.Log(n / rows[i]))).Sum();
    }

    private double[] RowSums() => [.. _cells.Select(r => r.Sum())];

    private double[] ColumnSums() => [.. Enumerable.Range(0, Columns).Select(j => _cells.Sum(r => r[j]))];
}
