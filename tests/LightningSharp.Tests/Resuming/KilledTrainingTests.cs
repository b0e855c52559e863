using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LightningSharp.Logging;
using LightningSharp.Tests.Native;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Resuming;

/// <summary>Real processes, killed and interrupted for real: what is left is continued to the same bits and the same table.</summary>
public class KilledTrainingTests
{
    /// <summary>LIGHTNINGSHARP_TRAINING_KILLS sets how often; CI takes few, because each needs a process.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("LIGHTNINGSHARP_TRAINING_KILLS"), CultureInfo.InvariantCulture, out var value) ? value : 6;

    [Theory]
    [InlineData("plain")]
    [InlineData("background")]
    public void A_training_killed_at_random_moments_ends_as_if_nothing_had_happened(string mode)
    {
        using var whole = new TempFolder();
        using var broken = new TempFolder();
        RunToTheEnd(whole.Path, mode);
        var random = new Random(mode.Length);
        var (kills, lost) = (0, 0);
        for (var runs = 0; kills < (mode == "plain" ? Kills : Math.Max(1, Kills / 3)); runs++)
        {
            var (killed, batches) = KillOne(broken.Path, mode, random);
            if (!killed) // it came to its end: once more from the beginning, so that each kill hits a running process
            {
                AssertSame(whole.Path, broken.Path);
                foreach (var entry in Directory.GetFileSystemEntries(broken.Path)) Delete(entry);
                continue;
            }

            kills++;
            lost += batches;
        }

        RunToTheEnd(broken.Path, mode);

        AssertSame(whole.Path, broken.Path);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills ({mode} saves), {lost} batches in killed processes, all resumes bitwise equal, no row missing or twice");
    }

    [Theory]
    [InlineData(15, 143)] // SIGTERM
    [InlineData(2, 130)] // SIGINT
    public void A_signal_saves_after_the_batch_and_the_next_process_loses_nothing(int signal, int code)
    {
        if (OperatingSystem.IsWindows()) return;
        using var whole = new TempFolder();
        using var broken = new TempFolder();
        RunToTheEnd(whole.Path, "plain");

        using var process = FaultProcess.Start("train", broken.Path, "plain");
        var seen = ReadBatches(process, 7);
        Assert.Equal(0, Kill(process.Id, signal));
        var rest = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        var last = Directory.GetFiles(broken.Path, "*.ckpt", SearchOption.AllDirectories).MaxBy(File.GetLastWriteTimeUtc);
        var continued = RunToTheEnd(broken.Path, "plain");

        Assert.NotNull(last);
        var batches = Math.Max(seen, rest.Where(line => line.StartsWith("batch", StringComparison.Ordinal)).Select(Number).DefaultIfEmpty().Max());
        Assert.Equal($"ended Canceled {batches}", rest[^1]);
        Assert.Equal(5, process.ExitCode); // the program's own code: it was told by the result; ExitCodes gives the shell's
        Assert.Equal(code, 128 + signal);
        Assert.Equal(batches + 1, continued); // not one batch twice
        AssertSame(whole.Path, broken.Path);
    }

    private static long RunToTheEnd(string folder, string mode)
    {
        using var process = FaultProcess.Start("train", folder, mode);
        var error = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {error.Result}");
        return Number(lines[0]);
    }

    private static (bool Killed, int Batches) KillOne(string folder, string mode, Random random)
    {
        using var process = FaultProcess.Start("train", folder, mode);
        _ = process.StandardError.ReadToEndAsync();
        var wanted = random.Next(0, 14);
        var read = 0;
        while (read < wanted && process.StandardOutput.ReadLine() is { } line && !line.StartsWith("ended", StringComparison.Ordinal)) read++;
        var clock = Stopwatch.StartNew();
        var delay = TimeSpan.FromMilliseconds(random.NextDouble() * 12);
        while (clock.Elapsed < delay) Thread.SpinWait(100);
        process.Kill();
        process.WaitForExit();
        return (process.ExitCode != 0, read);
    }

    private static int ReadBatches(Process process, int count)
    {
        var last = 0;
        while (count-- > 0 && process.StandardOutput.ReadLine() is { } line) last = Number(line);
        return last;
    }

    private static int Number(string line) => int.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);

    private static void AssertSame(string whole, string broken)
    {
        Assert.Equal(File.ReadAllLines(Path.Combine(whole, "weights.txt")), File.ReadAllLines(Path.Combine(broken, "weights.txt")));
        Assert.Equal(Table(whole), Table(broken));
    }

    private static string[] Table(string folder) => File.ReadAllLines(Path.Combine(File.ReadAllText(Path.Combine(folder, "run.txt")), CsvLogger.FileName));

    private static void Delete(string entry)
    {
        if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
        else File.Delete(entry);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
