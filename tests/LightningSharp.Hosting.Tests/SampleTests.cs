using System.Diagnostics;
using LightningSharp.Tests.Support;

namespace LightningSharp.Hosting.Tests;

/// <summary>The sample as a process of its own, stopped as orchestrators and people stop it.</summary>
public class SampleTests
{
    [Fact]
    public void A_run_to_its_end_exits_with_0()
    {
        using var folder = new TempFolder();

        var (code, output) = Run(folder, null, "--Training:MaxEpochs=2");

        Assert.True(code == 0, output);
        Assert.Contains("After step 16", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_does_not_exist_exits_with_2_and_names_it()
    {
        using var folder = new TempFolder();

        var (code, output) = Run(folder, null, "--Training:MaxEpoch=2");

        Assert.True(code == ExitCodes.Usage, output);
        Assert.Contains("Did you mean 'MaxEpochs'?", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", ExitCodes.Terminated)]
    [InlineData("INT", ExitCodes.Interrupted)]
    public void A_signal_stops_host_and_run_in_order_with_its_code_and_the_next_process_goes_on(string signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var folder = new TempFolder();

        var (code, output) = Run(folder, signal, "--Training:MaxEpochs=100000");
        var (next, resumed) = Run(folder, null, "--Training:MaxEpochs=100001", "--Training:MaxTime=00:00:01");

        Assert.True(code == expected, output);
        Assert.Contains("Training has ended", output, StringComparison.Ordinal);
        Assert.Contains("Application is shutting down", output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateFiles(folder.Path, "*.ckpt", SearchOption.AllDirectories));
        Assert.True(next == ExitCodes.StoppedEarly, resumed); // its time was up, and it had something to go on from:
        Assert.DoesNotContain("Epoch 0 is done", resumed, StringComparison.Ordinal);
    }

    private static (int Code, string Output) Run(TempFolder folder, string? signal, params string[] arguments)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)); // artifacts/bin/<project>/<configuration>/
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Hosting", own.Name, OperatingSystem.IsWindows() ? "Hosting.exe" : "Hosting"); // not null: see above
        using var process = Process.Start(new ProcessStartInfo(program, ["--Training:DefaultRootDir=" + folder.Path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!; // not null: no shell
        var errors = process.StandardError.ReadToEndAsync();
        var output = new System.Text.StringBuilder();
        var signalled = signal is null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            output.AppendLine(line);
            if (signalled || !line.Contains("Epoch 2 is done", StringComparison.Ordinal)) continue;
            signalled = true;
            using var kill = Process.Start("kill", ["-s", signal!, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]); // not null: signalled is false
            kill.WaitForExit();
        }

        if (!process.WaitForExit(60_000)) process.Kill();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
