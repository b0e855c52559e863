using LightningSharp.Logging;
using Microsoft.Extensions.Logging;

namespace LightningSharp.Terminal;

/// <summary>The lines at the start and at the end of a run.</summary>
internal static class RunText
{
    private const int Label = 8;
    private const int EndLabel = 12;

    public static IReadOnlyList<TextLine> Start(RunFacts facts, Glyphs glyphs)
    {
        var dot = $" {glyphs.Dot} ";
        var seed = facts.Seed is { } value ? $"{value}" : "none";
        var lines = new List<TextLine>
        {
            new TextLine().Add(glyphs.Bolt, Tone.Accent).Add($"LightningSharp {facts.Version}", Tone.Strong)
                .Add($"{dot}TorchSharp {facts.TorchSharp} (libtorch {facts.LibTorch}){dot}.NET {facts.Runtime}", Tone.Dim),
            Labeled("device").Add($"{facts.Device}{dot}{facts.Threads} thread{(facts.Threads == 1 ? string.Empty : "s")}{(facts.HasGpu ? string.Empty : dot + "no GPU")}")
                .Add("    precision ", Tone.Dim).Add(facts.Precision).Add("    seed ", Tone.Dim).Add(seed),
            Labeled("run").Add(facts.RunDirectory is { } folder ? Shown(folder) : "nothing is written"),
        };
        foreach (var (text, tone) in facts.Hints) lines.Add(new TextLine().Add("  ").Add(text, tone));
        return lines;
    }

    public static IReadOnlyList<TextLine> Finish(FinishFacts facts, int? bestEpoch, Glyphs glyphs)
    {
        var (sign, word, tone) = facts.IsCanceled ? (glyphs.Fail, "canceled", Tone.Warning) : (glyphs.Check, "finished", Tone.Good);
        var first = new TextLine().Add(glyphs == Glyphs.Ascii ? $"{word}: " : $"{sign} {word}: ", tone)
            .Add($"{facts.Reason} {glyphs.Dot} {NumberText.Duration(facts.Elapsed)}");
        if (facts.Best is { } best)
        {
            first.Add($" {glyphs.Dot} best {TextEscape.ForConsole(best.Key)} ").Add(NumberText.Metric(best.Value), Tone.Strong);
            if (bestEpoch is { } epoch) first.Add($" at epoch {epoch}");
        }

        var lines = new List<TextLine> { first };
        if (facts.Checkpoint is { } checkpoint) lines.Add(Labeled("checkpoint", EndLabel).Add(Shown(checkpoint)));
        if (facts.RunDirectory is { } folder) lines.Add(Labeled("run", EndLabel).Add(Shown(folder)));
        return lines;
    }

    public static IReadOnlyList<TextLine> FinishInner(FinishFacts facts, Glyphs glyphs)
        => [new TextLine().Add($"  inner run: {facts.Reason} {glyphs.Dot} {NumberText.Duration(facts.Elapsed)}", Tone.Dim)];

    public static IReadOnlyList<TextLine> Fail(FailureFacts facts, Glyphs glyphs)
    {
        var word = facts.IsCanceled ? "canceled" : "failed";
        var first = new TextLine()
            .Add(glyphs == Glyphs.Ascii ? $"{word}: " : $"{glyphs.Fail} {word}: ", facts.IsCanceled ? Tone.Warning : Tone.Bad)
            .Add($"{facts.Place} {glyphs.Dot} {NumberText.Duration(facts.Elapsed)}");
        if (!facts.IsCanceled) first.Add($" {glyphs.Dot} {TextEscape.ForConsole(facts.Exception)}"); // its message is for whoever catches it
        var lines = new List<TextLine> { first };
        if (facts.RunDirectory is { } folder) lines.Add(Labeled("run").Add(Shown(folder)));
        return lines;
    }

    public static IReadOnlyList<TextLine> Log(LogFacts facts)
    {
        var (word, tone) = facts.Level switch
        {
            LogLevel.Critical => ("critical", Tone.Bad),
            LogLevel.Error => ("error", Tone.Bad),
            LogLevel.Warning => ("warning", Tone.Warning),
            LogLevel.Information => ("info", Tone.Accent),
            _ => ("debug", Tone.Dim),
        };
        var texts = facts.Text.Split('\n');
        var lines = new List<TextLine>
        {
            new TextLine().AddLeft(word, Label, tone).Add($" {TextEscape.ForConsole(facts.Category)}: ", Tone.Dim).Add(TextEscape.ForConsole(texts[0].TrimEnd('\r'))),
        };
        foreach (var text in texts.Skip(1)) lines.Add(new TextLine().Add(new string(' ', Label + 1)).Add(TextEscape.ForConsole(text.TrimEnd('\r'))));
        return lines;
    }

    private static TextLine Labeled(string label, int width = Label) => new TextLine().Add("  ").AddLeft(label, width, Tone.Dim);

    // Below the current directory the short form is the one that people type.
    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return TextEscape.ForConsole(relative.StartsWith("..", StringComparison.Ordinal) || relative.Length > path.Length ? path : relative);
    }
}
