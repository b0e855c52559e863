using System.Diagnostics;
using LightningSharp.Diagnostics;
using LightningSharp.Tests.Native;

namespace LightningSharp.Tests.Diagnostics;

public class RunSignalsTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void The_first_signal_asks_and_the_run_ends_in_order_with_its_code(string signal, int code)
    {
        var (exit, output) = Send("step", signal);

        Assert.Equal(code, exit);
        Assert.Contains("saved", output);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void The_second_signal_ends_a_run_that_does_not_listen_at_once(string signal, int code)
    {
        var (exit, output) = Send("stubborn", signal, signal);

        Assert.Equal(code, exit);
        Assert.DoesNotContain("saved", output);
    }

    [Fact]
    public void A_users_signal_only_tells_and_a_hang_up_without_a_terminal_means_nothing()
    {
        var (exit, output) = Send("step", "USR1", "HUP", "TERM");

        Assert.Equal(143, exit);
        Assert.Contains("signal User", output);
        Assert.DoesNotContain("signal HangUp", output);
        Assert.Contains("saved", output);
    }

    [Fact]
    public void A_run_inside_a_long_native_call_still_gets_its_emergency_save_at_the_deadline()
    {
        var (exit, output) = Send("native", "TERM");

        Assert.Equal(143, exit);
        Assert.Contains("emergency save", output);
        Assert.DoesNotContain("saved", output.Replace("emergency save", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Runs_beside_each_other_all_hear_the_first_signal_and_only_the_second_ends_the_process()
    {
        var heard = new List<string>();
        var exits = new List<int>();
        using (RunSignals.Start(signal => heard.Add($"a {signal}"), exit: exits.Add))
        using (RunSignals.Start(signal => heard.Add($"b {signal}"), exit: exits.Add))
        {
            RunSignals.Receive(RunSignal.Interrupt);
            var afterFirst = exits.Count;
            RunSignals.Receive(RunSignal.Terminate);

            Assert.Equal(["a Interrupt", "b Interrupt"], heard);
            Assert.Equal(0, afterFirst);
            Assert.Equal([143, 143], exits);
        }
    }

    [Fact]
    public void A_new_run_starts_counting_again()
    {
        var exits = new List<int>();
        for (var run = 0; run < 3; run++)
        {
            using var signals = RunSignals.Start(_ => { }, exit: exits.Add);
            RunSignals.Receive(RunSignal.Interrupt);
            signals.Dispose();
        }

        Assert.Empty(exits);
    }

    [Fact]
    public void A_save_that_fails_at_the_deadline_still_ends_with_143()
    {
        using var ended = new ManualResetEventSlim();
        var code = 0;
        using var signals = RunSignals.Start(_ => { }, () => throw new IOException("disk full"), TimeSpan.Zero, exit =>
        {
            code = exit;
            ended.Set();
        });

        RunSignals.Receive(RunSignal.Terminate);

        Assert.True(ended.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal(143, code);
    }

    private static (int Code, string Output) Send(string mode, params string[] signals)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var process = FaultProcess.Start("signals", mode);
        var output = process.StandardOutput.ReadLine() + "\n"; // "ready"
        foreach (var signal in signals)
        {
            using var kill = Process.Start("kill", ["-s", signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (signal != "HUP") output += process.StandardOutput.ReadLine() + "\n"; // its echo: signals of one kind that come together merge
        }

        output += process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
