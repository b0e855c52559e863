using System.Globalization;
using System.Text;

namespace LightningSharp.Logging;

/// <summary>The file behind <see cref="CsvLogger"/>: a header line and rows of numbers, appended in whole lines.</summary>
internal sealed class CsvTable : IDisposable
{
    private const string StepName = "step";

    private readonly List<string> _names;
    private readonly StringBuilder _pending = new();
    private FileStream _file;
    private bool _headerIsStale;
    private int _columnsOnDisk;

    internal CsvTable(string path)
    {
        Path = path;
        _names = CsvRepair.ReadHeaderAndCutTornRows(path);
        _columnsOnDisk = _names.Count;
        if (_columnsOnDisk > 0) RowCount = File.ReadLines(path).Skip(1).LongCount(line => line.Length > 0);
        StepColumn = _names.IndexOf(StepName);
        if (StepColumn < 0)
        {
            StepColumn = _names.Count;
            _names.Add(StepName);
            _headerIsStale = true;
        }

        _file = Open(path);
    }

    internal string Path { get; }

    internal int ColumnCount => _names.Count;

    /// <summary>Rows in the file and on the way to it.</summary>
    internal long RowCount { get; private set; }

    /// <summary>Which column holds the x-axis: the first in a file of ours, anywhere in one that another program began.</summary>
    internal int StepColumn { get; }

    internal int AddColumn(string name)
    {
        var cell = TextEscape.ForConsole(name);
        var known = _names.IndexOf(cell);
        if (known >= 0)
        {
            return known;
        }

        _names.Add(cell);
        _pending.Replace("\n", ",\n");
        _headerIsStale = true;
        return _names.Count - 1;
    }

    internal void Append(long step, ReadOnlySpan<double?> row)
    {
        for (var i = 0; i < _names.Count; i++)
        {
            if (i > 0)
            {
                _pending.Append(',');
            }

            if (i == StepColumn)
            {
                _pending.Append(CultureInfo.InvariantCulture, $"{step}");
            }
            else if (i < row.Length && row[i] is { } value)
            {
                CsvCell.Append(_pending, value);
            }
        }

        _pending.Append('\n');
        RowCount++;
    }

    internal void Flush(bool toDisk)
    {
        if (_pending.Length > 0)
        {
            if (_headerIsStale)
            {
                Rewrite(static _ => true);
            }

            WritePending();
        }

        if (toDisk)
        {
            _file.Flush(flushToDisk: true);
        }
    }

    internal void RemoveFrom(long step)
    {
        Flush(toDisk: false);
        Rewrite(cells => !long.TryParse(Cell(cells, StepColumn), NumberStyles.Integer, CultureInfo.InvariantCulture, out var at) || at < step);
    }

    internal void KeepFirst(long rows)
    {
        Flush(toDisk: false);
        if (rows >= RowCount) return;
        var row = 0L;
        Rewrite(_ => row++ < rows);
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

    private void WritePending()
    {
        var before = _file.Length;
        var bytes = Encoding.UTF8.GetBytes(_pending.ToString());
        try
        {
            _file.Write(bytes);
            _file.Flush(flushToDisk: false);
        }
        catch (IOException)
        {
            // a full disk may have taken half of it: what is not written whole is not written at all
            _file.SetLength(before);
            throw;
        }

        _pending.Clear();
    }

    /// <summary>Writes header and kept rows to a second file and puts it in the place of the first in one rename.</summary>
    private void Rewrite(Func<string, bool> keep)
    {
        var padding = new string(',', _columnsOnDisk == 0 ? 0 : _names.Count - _columnsOnDisk);
        var kept = 0L;
        _file.Dispose();
        try
        {
            WholeFile.Write(Path, WriteRows, toDisk: true);
            _columnsOnDisk = _names.Count;
            _headerIsStale = false;
            RowCount = kept + PendingRows();
        }
        finally
        {
            _file = Open(Path);
        }

        void WriteRows(Stream stream)
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(string.Join(',', _names.Select(CsvCell.HeaderOf)));
            foreach (var line in File.ReadLines(Path).Skip(1).Where(line => line.Length > 0 && keep(line)))
            {
                writer.Write(line);
                writer.WriteLine(padding);
                kept++;
            }
        }
    }

    private int PendingRows()
    {
        var rows = 0;
        foreach (var chunk in _pending.GetChunks()) rows += chunk.Span.Count('\n');
        return rows;
    }

    private static string Cell(string line, int index) => CsvCell.Split(line) is var cells && index < cells.Count ? cells[index] : "";

    private static FileStream Open(string path)
        => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
