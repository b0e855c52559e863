using LightningSharp.Logging;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LightningSharp.Terminal;

/// <summary>The results of an evaluation: a row per metric, a column per loader; when the loaders do not fit side by side, several tables.</summary>
internal static class EvaluationView
{
    private const int WidestName = 40;

    public static IRenderable ToRenderable(EvaluationFacts facts, Glyphs glyphs, int width)
    {
        var title = facts.Stage == Stage.Test ? "Test metric" : "Validate metric";
        var names = facts.Rows.Select(row => TextWidth.Cut(TextEscape.ForConsole(row.Metric), Math.Min(WidestName, width / 2), glyphs.Ellipsis)).ToList();
        var first = Math.Max(title.Length, names.Count == 0 ? 0 : names.Max(TextWidth.Of));
        var loaders = facts.Loaders.Select(loader => TextWidth.Cut(TextEscape.ForConsole(loader), 24, glyphs.Ellipsis)).ToList();
        var tables = new List<IRenderable>();
        for (var start = 0; start < loaders.Count;)
        {
            var used = first + 4;
            var end = start;
            do used += 3 + Math.Max(9, TextWidth.Of(loaders[end++]));
            while (end < loaders.Count && used + 3 + Math.Max(9, TextWidth.Of(loaders[end])) <= width);
            tables.Add(Part(facts, title, names, loaders, start, end, glyphs));
            start = end;
        }

        return new Rows(tables);
    }

    private static Table Part(EvaluationFacts facts, string title, List<string> names, List<string> loaders, int start, int end, Glyphs glyphs)
    {
        var table = new Table { Border = glyphs == Glyphs.Ascii ? TableBorder.Ascii : TableBorder.Rounded, BorderStyle = LinesView.StyleOf(Tone.Dim) };
        table.AddColumn(new TableColumn(new Text(title, LinesView.StyleOf(Tone.Strong))) { NoWrap = true });
        for (var loader = start; loader < end; loader++)
            table.AddColumn(new TableColumn(new Text(loaders[loader], LinesView.StyleOf(Tone.Strong))) { NoWrap = true, Alignment = Justify.Right });
        for (var i = 0; i < names.Count; i++)
        {
            var cells = new List<IRenderable> { new Text(names[i]) };
            for (var loader = start; loader < end; loader++)
                cells.Add(new Text(facts.Rows[i].Values[loader] is { } value ? NumberText.Metric(value) : string.Empty, LinesView.StyleOf(Tone.Accent)));
            table.AddRow(cells);
        }

        return table;
    }
}
