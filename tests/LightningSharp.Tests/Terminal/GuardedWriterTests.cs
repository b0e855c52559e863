using LightningSharp.Callbacks;
using LightningSharp.Terminal;
using Spectre.Console.Testing;

namespace LightningSharp.Tests.Terminal;

public sealed class GuardedWriterTests
{
    [Fact]
    public void Whole_lines_of_the_users_program_appear_above_the_live_line()
    {
        using var console = new TestConsole().Width(40).EmitAnsiSequences();
        using var live = new LiveLines(console, guardsConsole: false);
        using var terminal = new TestConsoleWriter(console);
        using var writer = new GuardedWriter(terminal, live);

        live.Draw([new TextLine().Add("bar")]);
        writer.Write("half");
        writer.WriteLine(" and half");
        writer.Write('x');
        live.Draw([new TextLine().Add("bar 2")]);

        var screen = new FakeTerminal(40);
        screen.Play(console.Output);
        Assert.Equal(["half and half", "bar 2"], screen.Screen);
    }

    [Fact]
    public void An_unfinished_line_is_written_at_the_end()
    {
        using var console = new TestConsole().Width(40).EmitAnsiSequences();
        using var live = new LiveLines(console, guardsConsole: false);
        using var original = new StringWriter();

        using (var writer = new GuardedWriter(original, live)) writer.Write("no newline");

        Assert.Equal("no newline", original.ToString());
    }

    /// <summary>The same terminal as text writer: what a program writes lands between the drawings.</summary>
    private sealed class TestConsoleWriter(TestConsole console) : StringWriter
    {
        public override void Write(string? value)
            => Spectre.Console.AnsiConsoleExtensions.Write(console, value ?? string.Empty);
    }
}
