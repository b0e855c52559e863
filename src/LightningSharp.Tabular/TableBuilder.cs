using System.Globalization;

namespace LightningSharp.Tabular;

/// <summary>Collects the values of a table, row by row, and turns label texts into classes at the end.</summary>
internal sealed class TableBuilder(string path, IReadOnlyList<string> features, string? label, LabelKind kind, IReadOnlyList<string>? classNames)
{
    private readonly List<float> _features = [];
    private readonly List<float> _numbers = [];
    private readonly List<string> _classes = [];

    /// <summary>Feature columns, then the label column if there is one.</summary>
    public IReadOnlyList<string> Columns { get; } = label is null ? features : [.. features, label];

    private int Rows => _features.Count / features.Count;

    /// <summary>Whether a column holds classes, which are handed over as text.</summary>
    public bool IsClass(int column) => column == features.Count && kind == LabelKind.Class;

    /// <summary>Positions of the columns among those that the file has.</summary>
    public int[] Find(IReadOnlyList<string> present) => [.. Columns.Select(name =>
    {
        for (int i = 0; i < present.Count; i++)
        {
            if (present[i] == name)
                return i;
        }

        throw new DataException($"{path} has no column '{name}'. Expected one of: {string.Join(", ", present.Take(50))}.");
    })];

    /// <summary>Adds the next value of the current row; a row is complete after as many as there are columns.</summary>
    public void Add(int column, double value)
    {
        if (column == features.Count)
            _numbers.Add((float)value);
        else
            _features.Add((float)value);
    }

    public void AddClass(string value) => _classes.Add(value);

    public void Add(int column, ReadOnlySpan<char> text, int row)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            string received = text.IsEmpty ? "nothing" : $"'{(text.Length > 50 ? string.Concat(text[..50], "…") : text.ToString())}'";
            throw new DataException($"{path}, row {row}, column '{Columns[column]}': expected a number, received {received}.");
        }

        Add(column, value);
    }

    public DataException Missing(int column, long row) => new($"{path}, row {row}, column '{Columns[column]}': expected a value, received none. Fill or remove such rows first.");

    public TableDataset Build()
    {
        if (Rows == 0)
            throw new DataException($"{path} has no rows of data. Expected at least one.");
        if (label is null)
            return new TableDataset(features, [.. _features], null, null, []);
        if (kind == LabelKind.Number)
            return new TableDataset(features, [.. _features], [.. _numbers], null, []);
        var names = classNames ?? Names(_classes.Distinct());
        var numbers = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => (long)pair.i, StringComparer.Ordinal);
        var classes = _classes.Select((name, row) => numbers.TryGetValue(name, out long number) ? number
            : throw new DataException($"{path}, row {row}, column '{label}': class '{name}' is not among the given ones ({string.Join(", ", names.Take(50))})."));
        return new TableDataset(features, [.. _features], null, [.. classes], names);
    }

    // Whole numbers by their value: "10" comes after "9", and the classes 0 to n - 1 keep their numbers.
    private static IReadOnlyList<string> Names(IEnumerable<string> texts)
    {
        string[] names = [.. texts.Order(StringComparer.Ordinal)];
        var numbers = new long[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (!long.TryParse(names[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
                return names;
        }

        Array.Sort(numbers, names);
        return names;
    }
}
