using System.Diagnostics;
using LightningSharp.Tests.Native;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Terminal;

/// <summary>The display in a real terminal, played by tmux: what a person sees while a run is at work and after it.</summary>
public sealed class RealTerminalTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void In_a_terminal_there_is_one_live_line_logged_lines_stand_above_it_and_nothing_wraps(int width)
    {
        using var terminal = new Tmux(width, 45, FaultProcess.Program, "console");

        var during = terminal.WaitFor(screen => screen.Any(line => line.Contains("own line of epoch 1", StringComparison.Ordinal)) && screen.Any(line => line.Contains("epoch 1/2 ", StringComparison.Ordinal)));
        var after = terminal.WaitFor(screen => screen.Any(line => line.Contains("finished:", StringComparison.Ordinal)));

        var live = Assert.Single(during, line => line.Contains("it/s", StringComparison.Ordinal));
        Assert.Contains('━', live);
        var rows = during.ToList();
        Assert.True(rows.FindIndex(line => line.Contains("own line of epoch 1", StringComparison.Ordinal)) < rows.IndexOf(live));
        Assert.DoesNotContain(after, line => line.Contains("it/s", StringComparison.Ordinal)); // the live line is gone
        var heads = after.Where(line => line.TrimStart().StartsWith("epoch │", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(heads);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var row = Assert.Single(after, line => line.TrimStart().StartsWith($"{epoch} │", StringComparison.Ordinal));
            Assert.Equal(heads[0].Count(sign => sign == '│'), row.Count(sign => sign == '│')); // no column was wrapped
            Assert.Single(after, line => line.Contains($"own line of epoch {epoch}", StringComparison.Ordinal));
            Assert.Single(after, line => line == $"printed in epoch {epoch}"); // LightningModule.Print
        }
    }

    [Theory]
    [InlineData("NO_COLOR=1", true)]
    [InlineData("TERM=dumb", false)]
    public void Colours_and_cursor_movements_follow_the_terminals_wishes(string setting, bool live)
    {
        using var terminal = new Tmux(100, 45, "env", setting, FaultProcess.Program, "console");

        var during = terminal.WaitFor(screen => screen.Any(line => line.Contains("own line of epoch 0", StringComparison.Ordinal)));
        terminal.WaitFor(screen => screen.Any(line => line.Contains("finished:", StringComparison.Ordinal)));

        Assert.Equal(live, during.Any(line => line.Contains('━')));
        Assert.DoesNotMatch("\e\\[([0-9]+;)*(3[0-8]|9[0-7])[;m]", terminal.Raw()); // no foreground colour but the terminal's own (39)
    }

    /// <summary>One program in a terminal of its own server, which ends with the test.</summary>
    private sealed class Tmux : IDisposable
    {
        private readonly string _server = $"lightningsharp-{Guid.NewGuid():N}";

        public Tmux(int width, int height, params string[] command)
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/tmux"), "No tmux on this machine.");
            var line = string.Join(' ', command.Select(part => $"'{part}'")) + "; sleep 60";
            Assert.Equal(0, Run("-f", "/dev/null", "new-session", "-d", "-x", $"{width}", "-y", $"{height}", $"env -u LIGHTNINGSHARP_CONSOLE -u CI -u GITHUB_ACTIONS -u NO_COLOR LANG=C.UTF-8 {line}").Code);
        }

        public IReadOnlyList<string> Screen => Run("capture-pane", "-p").Output.TrimEnd().Split('\n');

        public string Raw() => Run("capture-pane", "-p", "-e").Output;

        public IReadOnlyList<string> WaitFor(Func<IReadOnlyList<string>, bool> seen)
        {
            var watch = Stopwatch.StartNew();
            while (true)
            {
                var screen = Screen;
                if (seen(screen)) return screen;
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "Never seen; the screen at the end:\n" + string.Join('\n', screen));
                Thread.Sleep(50);
            }
        }

        public void Dispose() => Run("kill-server");

        private (int Code, string Output, string Error) Run(params string[] arguments) => ProgramRun.Of("/usr/bin/tmux", ["-u", "-L", _server, .. arguments], without: "TMUX");
    }
}
