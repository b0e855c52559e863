using LightningSharp.Callbacks;
using LightningSharp.Terminal;

namespace LightningSharp.Tests.Terminal;

public sealed class ConsoleSettingTests
{
    [Theory]
    [InlineData(ConsoleMode.Auto, null, null, null, true, ConsoleMode.Rich)]
    [InlineData(ConsoleMode.Auto, null, null, null, false, ConsoleMode.Plain)]
    [InlineData(ConsoleMode.Auto, null, "dumb", null, true, ConsoleMode.Plain)]
    [InlineData(ConsoleMode.Auto, null, "xterm", "true", true, ConsoleMode.Plain)]
    [InlineData(ConsoleMode.Auto, null, "xterm", "false", true, ConsoleMode.Rich)]
    [InlineData(ConsoleMode.Auto, "json", "xterm", null, true, ConsoleMode.Json)]
    [InlineData(ConsoleMode.Auto, "QUIET", "xterm", null, true, ConsoleMode.Quiet)]
    [InlineData(ConsoleMode.Auto, "auto", "xterm", null, true, ConsoleMode.Rich)]
    [InlineData(ConsoleMode.Auto, "", "xterm", null, true, ConsoleMode.Rich)]
    [InlineData(ConsoleMode.Plain, "json", "xterm", null, true, ConsoleMode.Plain)]
    [InlineData(ConsoleMode.Rich, null, "dumb", "1", false, ConsoleMode.Rich)]
    public void The_mode_comes_from_the_option_then_the_environment_then_the_terminal(
        ConsoleMode option, string? variable, string? term, string? ci, bool terminal, ConsoleMode expected)
    {
        var mode = ConsoleSetting.Resolve(option, name => name switch { ConsoleSetting.Variable => variable, "TERM" => term, "CI" => ci, _ => null }, terminal);

        Assert.Equal(expected, mode);
    }

    [Theory]
    [InlineData("loud")]
    [InlineData("3")]
    public void An_unknown_word_in_the_environment_is_an_error_that_lists_the_known_ones(string word)
    {
        var error = Assert.Throws<MisconfigurationException>(() => ConsoleSetting.Resolve(ConsoleMode.Auto, _ => word, true));

        Assert.Contains($"LIGHTNINGSHARP_CONSOLE is '{word}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("auto, rich, plain, json or quiet", error.Message, StringComparison.Ordinal);
    }
}
