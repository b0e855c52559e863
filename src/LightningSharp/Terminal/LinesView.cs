using Spectre.Console;
using Spectre.Console.Rendering;

namespace LightningSharp.Terminal;

/// <summary>Lines for Spectre.Console, never wrapped: who makes them knows the width.</summary>
/// <param name="lines">The lines.</param>
/// <param name="before">Control sequence before them.</param>
/// <param name="live">Live lines: what is left of an old line is erased behind each, and below the last, and the cursor stays there.</param>
internal sealed class LinesView(IReadOnlyList<TextLine> lines, string before = "", bool live = false) : Renderable
{
    public const string EraseBelow = "\e[J";
    private const string EraseLine = "\e[K";

    private static readonly Style _dim = new(decoration: Decoration.Dim);
    private static readonly Style _strong = new(decoration: Decoration.Bold);
    private static readonly Style _accent = new(Color.MediumPurple2);
    private static readonly Style _good = new(Color.Green);
    private static readonly Style _warning = new(Color.Yellow);
    private static readonly Style _bad = new(Color.Red);

    public static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Dim => _dim,
        Tone.Strong => _strong,
        Tone.Accent => _accent,
        Tone.Good => _good,
        Tone.Warning => _warning,
        Tone.Bad => _bad,
        _ => Style.Plain,
    };

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        if (before.Length > 0) yield return Segment.Control(before);
        for (var i = 0; i < lines.Count; i++)
        {
            foreach (var (text, tone) in lines[i].Pieces) yield return new Segment(text, StyleOf(tone));
            if (live) yield return Segment.Control(EraseLine);
            if (!live || i < lines.Count - 1) yield return Segment.LineBreak;
        }

        if (live) yield return Segment.Control(EraseBelow);
    }
}
