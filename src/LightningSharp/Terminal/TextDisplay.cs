using Spectre.Console;
using Spectre.Console.Rendering;

namespace LightningSharp.Terminal;

/// <summary>What the rich and the plain display have in common: the same lines, written to the same kind of console.</summary>
internal abstract class TextDisplay(IAnsiConsole console, Glyphs glyphs, TimeProvider time) : Display(time)
{
    private readonly EpochTable _epochs = new(glyphs);

    protected IAnsiConsole Console { get; } = console;

    protected Glyphs Glyphs { get; } = glyphs;

    /// <summary>Columns that a line may take.</summary>
    protected virtual int Width => Console.Profile.Width;

    private int? _bestEpoch;

    public override void Start(RunFacts facts)
    {
        _epochs.Restart();
        _bestEpoch = null;
        Emit(RunText.Start(facts, Glyphs));
    }

    public override void Summary(SummaryTable table) => Emit(new SummaryView(table, Glyphs, Width).ToRenderable());

    public override void Epoch(EpochFacts facts)
    {
        if (facts.IsBest) _bestEpoch = facts.Epoch;
        Emit(_epochs.Row(facts, Width));
    }

    public override void Evaluation(EvaluationFacts facts) => Emit(EvaluationView.ToRenderable(facts, Glyphs, Width));

    public override void Finish(FinishFacts facts) => Emit(RunText.Finish(facts, _bestEpoch, Glyphs));

    public override void FinishInner(FinishFacts facts) => Emit(RunText.FinishInner(facts, Glyphs));

    public override void Fail(FailureFacts facts) => Emit(RunText.Fail(facts, Glyphs));

    public override void Print(string line) => Emit([new TextLine().Add(line)]);

    /// <summary>A head and parts with commas; what does not fit goes to a line of its own below the first part.</summary>
    public void PrintList(string head, IReadOnlyList<string> parts)
    {
        var line = head;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i] + (i + 1 < parts.Count ? "," : "");
            var isFirst = line.Length == head.Length;
            if (!isFirst && TextWidth.Of(line) + 1 + TextWidth.Of(part) > Width)
            {
                Print(line);
                (line, isFirst) = (new string(' ', head.Length), true);
            }

            line += isFirst ? part : " " + part;
        }

        Print(line);
    }

    public override void Log(LogFacts facts) => Emit(RunText.Log(facts));

    protected void Emit(IReadOnlyList<TextLine> lines) => Emit(new LinesView(lines));

    /// <summary>Writes something that stays.</summary>
    protected virtual void Emit(IRenderable renderable) => Console.Write(renderable);
}
