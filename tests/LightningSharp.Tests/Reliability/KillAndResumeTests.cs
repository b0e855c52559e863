using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Reliability;

/// <summary>A training is killed or asked to end at any moment, from outside, and goes on in a new process to the same bits (F01, F02, F12, F14).</summary>
public class KillAndResumeTests
{
    private static readonly Lazy<string> Whole = new(() =>
    {
        using var folder = new TempFolder();
        using var process = TrainProcess.Finish(folder.Path);
        Assert.True(process.ExitCode == 0, process.All);
        return process.Weights!; // it ended well
    });

    [Fact]
    public void SIGKILL_at_any_moment_costs_at_most_the_step_in_work()
    {
        SkipOnWindows();
        var random = new Random(5);
        using var folder = new TempFolder();
        var kills = Scale.Count(3, 40);
        var killed = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            using var process = TrainProcess.Start(folder.Path, "save-every=1", "pause=5");
            for (var steps = random.Next(1, 8); steps > 0 && process.WaitFor("step "); steps--)
            {
            }

            Thread.Sleep(random.Next(15));
            process.Kill();
            process.WaitForEnd();
            if (process.Weights is not null) break; // it had reached its end
            killed++;
        }

        using var last = TrainProcess.Finish(folder.Path, "save-every=1");

        Assert.Equal(Whole.Value, last.Weights);
        Assert.Contains("died without a word", last.Errors);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.tmp-*", SearchOption.AllDirectories));
        Scale.Injected("SIGKILL", killed);
    }

    [Theory]
    [InlineData("TERM", "SanityCheck", ExitCodes.Terminated)]
    [InlineData("TERM", "step 3", ExitCodes.Terminated)]
    [InlineData("TERM", "Validate", ExitCodes.Terminated)]
    [InlineData("INT", "step 3", ExitCodes.Interrupted)]
    public void A_stop_signal_saves_the_last_step_and_the_next_process_ends_with_the_same_bits(string signal, string moment, int code)
    {
        SkipOnWindows();
        using var folder = new TempFolder();
        using var process = TrainProcess.Start(folder.Path, "pause=20", "validation-pause=20", "sanity=3");

        Assert.True(process.WaitFor(moment), process.All);
        process.Signal(signal);
        process.WaitForEnd();
        using var resumed = TrainProcess.Finish(folder.Path);

        Assert.True(process.ExitCode == code, process.All);
        Assert.Contains("stopped Canceled", process.All);
        Assert.True(resumed.Weights == Whole.Value, process.All + "\n----\n" + resumed.All);
    }

    [Fact]
    public void SIGTERM_at_random_times_is_always_saved()
    {
        SkipOnWindows();
        var random = new Random(9);
        var count = Scale.Count(2, 50);
        for (var i = 0; i < count; i++)
        {
            using var folder = new TempFolder();
            using var process = TrainProcess.Start(folder.Path, "pause=10", "validation-pause=10", "sanity=2", "workers=1");
            Assert.True(process.WaitFor("SanityCheck"), process.All);
            Thread.Sleep(random.Next(600));
            process.Signal("TERM");
            process.WaitForEnd();
            using var resumed = TrainProcess.Finish(folder.Path);

            Assert.True(process.ExitCode is 143 or 0, process.All); // 0: it had just ended
            Assert.True(resumed.Weights is { } weights && weights == Whole.Value, process.All + "\n----\n" + resumed.All);
        }

        Scale.Injected("SIGTERM", count);
    }

    [Theory]
    [InlineData("stuck=4")]
    [InlineData("stuck=0")]
    [InlineData("stuck=12")]
    public void SIGTERM_during_a_long_native_call_saves_the_boundary_before_it_exactly(string stuck)
    {
        SkipOnWindows();
        using var folder = new TempFolder();
        using var process = TrainProcess.Start(folder.Path, stuck, "deadline=300");

        Assert.True(process.WaitFor("stuck"), process.All);
        process.Signal("TERM");
        process.WaitForEnd();
        using var resumed = TrainProcess.Finish(folder.Path);

        Assert.True(process.ExitCode == 143, process.All);
        Assert.Contains("saved the state after step", process.Errors);
        Assert.True(resumed.Weights == Whole.Value, process.All + "\n----\n" + resumed.All);
        Scale.Injected($"SIGTERM in a native call, {stuck}", 1);
    }

    [Fact]
    public void SIGUSR1_saves_and_training_goes_on()
    {
        SkipOnWindows();
        using var folder = new TempFolder();
        using var process = TrainProcess.Start(folder.Path, "pause=5");

        Assert.True(process.WaitFor("step 2"), process.All);
        process.Signal("USR1");
        process.WaitForEnd();

        Assert.Equal(0, process.ExitCode);
        Assert.Equal(Whole.Value, process.Weights);
        Assert.Single(Directory.EnumerateFiles(folder.Path, "asked-step=*.ckpt", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_signal_storm_of_other_signals_changes_nothing()
    {
        SkipOnWindows();
        using var folder = new TempFolder();
        using var process = TrainProcess.Start(folder.Path, "pause=5");
        var sent = 0;

        Assert.True(process.WaitFor("step 1"), process.All);
        for (; sent < Scale.Count(12, 300); sent++) process.Signal((sent % 3) switch { 0 => "WINCH", 1 => "CONT", _ => "HUP" }); // no terminal: HUP means nothing
        process.WaitForEnd();

        Assert.Equal(Whole.Value, process.Weights);
        Scale.Injected("WINCH, CONT, HUP", sent);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
}
