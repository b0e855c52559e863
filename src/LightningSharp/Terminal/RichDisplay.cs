using Spectre.Console;
using Spectre.Console.Rendering;

namespace LightningSharp.Terminal;

/// <summary>A terminal: colours, a live line per running stage, and rows that stay.</summary>
internal sealed class RichDisplay(IAnsiConsole console, TimeProvider time, bool guardsConsole)
    : TextDisplay(console, console.Profile.Capabilities.Unicode ? Glyphs.Unicode : Glyphs.Ascii, time), IDisposable
{
    private readonly LiveLines _live = new(console, guardsConsole);

    public override TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(100);

    public override bool IsHeartbeat => false;

    // The last column stays empty: a character there moves the cursor of some terminals to the next row.
    protected override int Width => Math.Max(20, Console.Profile.Width - 1);

    public override void Progress(ProgressState state) => _live.Draw(ProgressText.Lines(state, Width, Glyphs));

    public override void Download(DownloadState state) => _live.Draw([ProgressText.Download(state, Width, Glyphs)]);

    public override void Epoch(EpochFacts facts)
    {
        _live.Close();
        base.Epoch(facts);
    }

    public override void Close() => _live.Close();

    public override void Finish(FinishFacts facts)
    {
        _live.Close();
        base.Finish(facts);
    }

    public override void Fail(FailureFacts facts)
    {
        _live.Close();
        base.Fail(facts);
    }

    public void Dispose() => _live.Dispose();

    protected override void Emit(IRenderable renderable) => _live.Above(() => base.Emit(renderable));
}
