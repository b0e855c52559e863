using Spectre.Console;

namespace LightningSharp.Terminal;

/// <summary>A file, a pipe, a log of continuous integration: lines of ASCII, a row per epoch, and a sign of life when an epoch is long.</summary>
internal sealed class PlainDisplay(TextWriter writer, TimeProvider time) : TextDisplay(CreateConsole(writer), Glyphs.Ascii, time)
{
    /// <summary>Files have no width: wide enough for a table, narrow enough for a review page.</summary>
    public const int Columns = 120;

    public override TimeSpan Interval { get; } = TimeSpan.FromSeconds(30);

    protected override int Width => Columns;

    public override void Progress(ProgressState state)
    {
        Emit([ProgressText.Heartbeat(state, Columns)]);
        writer.Flush();
    }

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = Columns;
        return console;
    }
}
