using LightningSharp.Logging;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LightningSharp.Terminal;

/// <summary>The table of layers. Where the width does not suffice, whole columns are left out, the least needed first; long names are cut.</summary>
internal sealed class SummaryView(SummaryTable table, Glyphs glyphs, int width)
{
    private const int ShortestName = 12;

    private static readonly (string Title, bool Right, int Rank)[] _all =
        [("#", true, 0), ("Name", false, 0), ("Type", false, 0), ("Params", true, 0), ("Mode", false, 3), ("Output", false, 1), ("FLOPs", true, 2)];

    public IRenderable ToRenderable()
    {
        var rows = table.Rows.Select(Cells).ToList();
        var columns = Enumerable.Range(0, _all.Length).Where(column => _all[column].Rank == 0 || rows.Any(row => row[column].Length > 0)).ToList();
        while (Needed(columns, rows) > width && columns.Any(column => _all[column].Rank > 0)) columns.Remove(columns.MaxBy(column => _all[column].Rank));
        CutNames(columns, rows);
        var view = new Table { Border = glyphs == Glyphs.Ascii ? TableBorder.Ascii : TableBorder.Rounded, BorderStyle = LinesView.StyleOf(Tone.Dim) };
        foreach (var column in columns)
        {
            view.AddColumn(new TableColumn(new Text(_all[column].Title, LinesView.StyleOf(Tone.Strong)))
            {
                Alignment = _all[column].Right ? Justify.Right : Justify.Left, NoWrap = true,
            });
        }

        for (var i = 0; i < rows.Count; i++)
        {
            var frozen = table.Rows[i] is { Parameters: > 0, TrainableParameters: 0 };
            view.AddRow(columns.Select(column => new Text(rows[i][column], LinesView.StyleOf(frozen ? Tone.Dim : Tone.Normal))));
        }

        var footer = new LinesView(Footer());
        return rows.Count == 0 ? footer : new Rows(view, footer);
    }

    private IReadOnlyList<TextLine> Footer()
    {
        var dot = $" {glyphs.Dot} ";
        var numbers = new TextLine().Add("  ").Add(NumberText.Exact(table.TrainableParameters), Tone.Strong)
            .Add($" trainable{dot}{NumberText.Exact(table.FrozenParameters)} frozen{dot}{NumberText.Exact(table.TotalParameters)} total{dot}{NumberText.Megabytes(table.SizeInBytes)}");
        var modes = new TextLine().Add($"  {table.ModulesInTrainMode} module{(table.ModulesInTrainMode == 1 ? string.Empty : "s")} in train mode{dot}{table.ModulesInEvalMode} in eval mode", Tone.Dim);
        if (table.TotalFlops is { } flops) modes.Add($"{dot}{NumberText.Short(flops)} FLOPs per forward pass", Tone.Dim);
        return [numbers, modes];
    }

    private static string[] Cells(SummaryRow row) =>
    [
        row.Index?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-",
        TextEscape.ForConsole(row.Name),
        TextEscape.ForConsole(row.Type),
        NumberText.Parameters(row.Parameters),
        row.IsTraining switch { true => "train", false => "eval", null => string.Empty },
        row.Output is { } shape ? $"[{string.Join(", ", shape)}]" : string.Empty,
        row.Flops is { } flops ? NumberText.Short(flops) : string.Empty,
    ];

    private static int Needed(List<int> columns, List<string[]> rows)
        => 1 + columns.Sum(column => 3 + Math.Max(_all[column].Title.Length, rows.Count == 0 ? 0 : rows.Max(row => TextWidth.Of(row[column]))));

    private void CutNames(List<int> columns, List<string[]> rows)
    {
        for (var excess = Needed(columns, rows) - width; excess > 0; excess = Needed(columns, rows) - width)
        {
            var column = Widest(1, rows) >= Widest(2, rows) ? 1 : 2;
            var target = Math.Max(ShortestName, Widest(column, rows) - excess);
            if (target >= Widest(column, rows)) return;
            foreach (var row in rows) row[column] = TextWidth.Cut(row[column], target, glyphs.Ellipsis);
        }
    }

    private static int Widest(int column, List<string[]> rows) => rows.Count == 0 ? 0 : rows.Max(row => TextWidth.Of(row[column]));
}
