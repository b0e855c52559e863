using LightningSharp.Logging;

namespace LightningSharp.Terminal;

/// <summary>
/// One row per finished epoch. The columns are those of the metrics seen so far; new ones bring a new heading. What does not fit into the width stands below its row,
/// so that no column ever wraps.
/// </summary>
internal sealed class EpochTable(Glyphs glyphs)
{
    private const int Indent = 8;
    private const int NarrowestMetric = 8;
    private const int WidestMetric = 24;
    private const int EpochWidth = 5;
    private const int SpeedWidth = 9;
    private const int TimeWidth = 7;
    private const int StarWidth = 3;

    private readonly List<string> _names = [];
    private List<(string Name, string Shown, int Width)> _columns = [];
    private int _width = -1;
    private bool _hasRate;

    /// <summary>Forgets the columns: the next row gets a heading.</summary>
    public void Restart()
    {
        _names.Clear();
        (_width, _hasRate) = (-1, false);
    }

    /// <summary>The row, with a heading before it when the columns changed, and with lines for what did not fit.</summary>
    public IReadOnlyList<TextLine> Row(EpochFacts facts, int width)
    {
        var lines = new List<TextLine>();
        var known = _names.Count;
        foreach (var (name, _) in facts.Metrics)
        {
            if (!_names.Contains(name)) _names.Add(name);
        }

        if (_names.Count != known || width != _width || (facts.LearningRate is not null && !_hasRate))
        {
            (_width, _hasRate) = (width, _hasRate || facts.LearningRate is not null);
            _columns = Choose(width);
            AddHeading(lines);
        }

        var values = facts.Metrics.ToDictionary();
        lines.Add(Cells(facts, values));
        AddRest(lines, values, width);
        return lines;
    }

    private List<(string Name, string Shown, int Width)> Choose(int width)
    {
        var columns = new List<(string, string, int)>();
        var used = 1 + EpochWidth + 3 + SpeedWidth + 3 + TimeWidth + StarWidth + (_hasRate ? 3 + NarrowestMetric : 0);
        foreach (var name in _names)
        {
            var shown = TextWidth.Cut(TextEscape.ForConsole(name), WidestMetric, glyphs.Ellipsis);
            var column = Math.Max(NarrowestMetric, TextWidth.Of(shown));
            if (used + 3 + column > width) break; // the order of the metrics stays: the rest goes below
            used += 3 + column;
            columns.Add((name, shown, column));
        }

        return columns;
    }

    private void AddHeading(List<TextLine> lines)
    {
        var names = new TextLine().Add(" ").AddRight("epoch", EpochWidth, Tone.Strong);
        var rule = new TextLine().Add(Line(EpochWidth + 2), Tone.Dim);
        foreach (var (_, shown, width) in _columns) Add(shown, width);
        if (_hasRate) Add("lr", NarrowestMetric);
        Add("samples/s", SpeedWidth);
        Add("time", TimeWidth);
        lines.Add(names);
        lines.Add(rule);

        void Add(string text, int width)
        {
            names.Add($" {glyphs.Vertical} ", Tone.Dim).AddRight(text, width, Tone.Strong);
            rule.Add(glyphs.Cross, Tone.Dim).Add(Line(width + 2), Tone.Dim);
        }
    }

    private TextLine Cells(EpochFacts facts, Dictionary<string, double> values)
    {
        var row = new TextLine().Add(" ").AddRight(facts.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture), EpochWidth);
        foreach (var (name, _, width) in _columns)
        {
            var text = values.TryGetValue(name, out var value) ? NumberText.Metric(value) : string.Empty;
            Add(text, width, text is "NaN" or "inf" or "-inf" ? Tone.Bad : Tone.Normal);
        }

        if (_hasRate) Add(facts.LearningRate is { } rate ? rate.ToString("0.00e+00", System.Globalization.CultureInfo.InvariantCulture) : string.Empty, NarrowestMetric);
        Add(NumberText.Throughput(facts.SamplesPerSecond), SpeedWidth);
        Add(NumberText.Clock(facts.Elapsed), TimeWidth);
        if (facts.IsBest) row.Add("  ").Add(glyphs.Star, Tone.Warning);
        return row;

        void Add(string text, int width, Tone tone = Tone.Normal) => row.Add($" {glyphs.Vertical} ", Tone.Dim).AddRight(text, width, tone);
    }

    private void AddRest(List<TextLine> lines, Dictionary<string, double> values, int width)
    {
        TextLine? line = null;
        for (var i = _columns.Count; i < _names.Count; i++)
        {
            if (!values.TryGetValue(_names[i], out var value)) continue;
            var shown = TextWidth.Cut(TextEscape.ForConsole(_names[i]), Math.Max(WidestMetric, width - Indent - 12), glyphs.Ellipsis);
            var piece = $"{shown} {NumberText.Metric(value)}";
            var begins = line is null || line.Width + 3 + TextWidth.Of(piece) > width;
            if (begins) lines.Add(line = new TextLine().Add(new string(' ', Indent)));
            else line!.Add($" {glyphs.Dot} ", Tone.Dim); // not the first of its line, so there is one
            line!.Add(piece, Tone.Dim);
        }
    }

    private string Line(int width) => new(glyphs.Horizontal[0], width);
}
