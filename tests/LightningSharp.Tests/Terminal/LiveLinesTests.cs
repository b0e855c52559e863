using LightningSharp.Callbacks;
using LightningSharp.Terminal;
using Spectre.Console.Testing;

namespace LightningSharp.Tests.Terminal;

public sealed class LiveLinesTests
{
    [Fact]
    public void Drawing_again_replaces_all_lines_of_the_last_drawing()
    {
        using var console = Terminal(40);
        using var live = new LiveLines(console, guardsConsole: false);

        live.Draw([Line("one is long"), Line("two"), Line("three")]);
        live.Draw([Line("four"), Line("5")]);

        Assert.Equal(["four", "5"], Screen(console, 40));
    }

    [Fact]
    public void What_is_written_meanwhile_stands_above()
    {
        using var console = Terminal(40);
        using var live = new LiveLines(console, guardsConsole: false);

        live.Draw([Line("bar"), Line("metrics")]);
        live.Above(() => console.Write(new LinesView([Line("a message longer than the bar")])));
        live.Draw([Line("bar again")]);

        Assert.Equal(["a message longer than the bar", "bar again"], Screen(console, 40));
    }

    [Fact]
    public void Closing_leaves_nothing_behind()
    {
        using var console = Terminal(40);
        var live = new LiveLines(console, guardsConsole: false);

        live.Draw([Line("bar"), Line("metrics")]);
        live.Close();
        console.Write(new LinesView([Line("done")]));

        Assert.Equal(["done"], Screen(console, 40));
        Assert.False(live.IsOpen);
    }

    [Fact]
    public void A_narrower_terminal_wraps_the_old_lines_and_they_are_still_replaced()
    {
        using var console = Terminal(20);
        using var live = new LiveLines(console, guardsConsole: false);

        // The terminal rewraps when it shrinks: the same text, played onto the narrower grid, is what it shows then.
        live.Draw([Line("0123456789abcde"), Line("second")]);
        console.Profile.Width = 10;
        live.Draw([Line("new")]);

        Assert.Equal(["new"], Screen(console, 10));
    }

    [Fact]
    public void After_a_change_of_width_the_old_rows_are_cleared_before_they_are_written_over()
    {
        using var console = Terminal(40);
        using var live = new LiveLines(console, guardsConsole: false);

        live.Draw([Line("one"), Line("two")]);
        live.Draw([Line("one"), Line("two")]);
        var before = console.Output;
        console.Profile.Width = 60;
        live.Draw([Line("one"), Line("two")]);

        Assert.DoesNotContain("\e[1A\e[J", before, StringComparison.Ordinal);
        Assert.Contains("\r\e[1A\e[J", console.Output[before.Length..], StringComparison.Ordinal);
    }

    private static TestConsole Terminal(int width) => new TestConsole().Width(width).EmitAnsiSequences();

    private static TextLine Line(string text) => new TextLine().Add(text);

    private static IReadOnlyList<string> Screen(TestConsole console, int width)
    {
        var terminal = new FakeTerminal(width);
        terminal.Play(console.Output);
        return terminal.Screen;
    }
}
