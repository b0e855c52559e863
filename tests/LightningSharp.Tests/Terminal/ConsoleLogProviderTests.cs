using LightningSharp.Callbacks;
using LightningSharp.Terminal;
using Microsoft.Extensions.Logging;
using Spectre.Console.Testing;

namespace LightningSharp.Tests.Terminal;

public sealed class ConsoleLogProviderTests
{
    [Fact]
    public void Log_lines_stand_above_the_live_line()
    {
        using var console = new TestConsole().Width(60).EmitAnsiSequences();
        using var display = new RichDisplay(console, new ManualTime(), guardsConsole: false);
        using var provider = new ConsoleLogProvider(display);
        var logger = provider.CreateLogger("app");

        display.Progress(new() { Stage = Stage.Test, Batch = 1, Batches = 2 });
        logger.LogInformation("hello {Name}", "\e[2Jworld");
        logger.LogError(new InvalidOperationException("boom"), "it broke");
        logger.LogDebug("not shown");

        var terminal = new FakeTerminal(60);
        terminal.Play(console.Output);
        Assert.Equal(
            [
                "info     app: hello \\u001b[2Jworld",
                "error    app: it broke",
                "         System.InvalidOperationException: boom",
                " testing ━━━━━╸───── 1/2 00:00 ? it/s",
            ],
            terminal.Screen);
    }

    [Fact]
    public void Without_colours_no_colour_is_sent_and_the_bar_is_still_drawn()
    {
        using var console = new TestConsole().Width(60).EmitAnsiSequences().Colors(Spectre.Console.ColorSystem.NoColors);
        using var display = new RichDisplay(console, new ManualTime(), guardsConsole: false);

        display.Progress(new() { Stage = Stage.Fit, Epoch = 1, LastEpoch = 2, Batch = 1, Batches = 2, Loss = double.NaN });

        Assert.Contains("━", console.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\e\[[0-9;]*(3[0-9]|9[0-7]|38)[0-9;]*m", console.Output);
    }
}
