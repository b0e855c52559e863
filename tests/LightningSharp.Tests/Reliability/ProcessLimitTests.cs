using System.Diagnostics;
using System.Globalization;
using LightningSharp.Checkpointing;
using LightningSharp.Tests.Native;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Reliability;

/// <summary>What the system takes away from a running training: file size, file handles, the console, the terminal, the folder (F15, F30, C9). Checkpoints stay whole, and it says what happened.</summary>
public class ProcessLimitTests
{
    [Fact]
    public void A_file_size_limit_in_mid_run_costs_the_saves_and_not_the_training()
    {
        RequireLinux();
        using var folder = new TempFolder();
        using var process = TrainProcess.Start(folder.Path, "save-every=1", "pause=20");

        Assert.True(process.WaitFor("step 4"), process.All);
        Limit(process, "--fsize=16384"); // a checkpoint has more
        process.WaitForEnd();

        Assert.True(process.ExitCode == 0, process.All);
        Assert.Matches("stopped MaxEpochs step 36 failed-saves [1-9]", process.All);
        RequireWholeCheckpoints(folder.Path);
        Scale.Injected("write above the file size limit", 1);
    }

    [Fact]
    public void No_file_handles_left_in_mid_run_leave_every_checkpoint_whole_and_the_next_process_ends_with_the_same_bits()
    {
        RequireLinux();
        using var folder = new TempFolder();
        using var process = TrainProcess.Start(folder.Path, "save-every=1", "pause=20");

        Assert.True(process.WaitFor("step 4"), process.All);
        Limit(process, string.Create(CultureInfo.InvariantCulture, $"--nofile={Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Length}"));
        process.WaitForEnd(); // .NET itself may give up: it maps new code through file handles
        RequireWholeCheckpoints(folder.Path);
        using var whole = new TempFolder();
        using var uninterrupted = TrainProcess.Finish(whole.Path);
        using var next = TrainProcess.Finish(folder.Path, "save-every=1");

        Assert.NotNull(next.Weights);
        Assert.Equal(uninterrupted.Weights, next.Weights);
        Scale.Injected("no file handles", 1);
    }

    [Theory]
    [InlineData("\"$0\" run \"$1\" save-every=12 bar=1 | head -1; exit ${PIPESTATUS[0]}")]
    [InlineData("exec \"$0\" run \"$1\" save-every=12 bar=1 <&- >&- 2>&-")]
    [InlineData("exec \"$0\" run \"$1\" save-every=12 bar=1 quiet=1 </dev/null >/dev/full 2>/dev/full")]
    public void A_console_that_goes_away_or_was_never_there_does_not_end_the_training(string command)
    {
        RequireLinux();
        using var folder = new TempFolder();

        var code = Shell(command, folder.Path);
        using var after = TrainProcess.Finish(folder.Path);

        Assert.Equal(0, code);
        Assert.Contains("stopped MaxEpochs step 36", after.All); // it had come to its end: nothing is left to do
        Assert.DoesNotContain("step 0", after.Lines);
        Scale.Injected("console that is gone", 1);
    }

    [Fact]
    public void A_terminal_that_is_closed_stops_the_training_in_order()
    {
        RequireLinux();
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1) gives a process a terminal, and is not here.");
        using var folder = new TempFolder();
        const string Command = """script -qfec "'$0' run '$1' pause=30; echo code \$? > '$1/code'" /dev/null >"$1/out" & until grep -q 'step 3' "$1/out"; do sleep 0.1; done; pkill -HUP -P $(pgrep -P $!) || pkill -HUP -P $!; wait""";

        Shell(Command, folder.Path);
        using var after = TrainProcess.Finish(folder.Path);

        Assert.True(File.Exists(Path.Combine(folder.Path, "code")), File.ReadAllText(Path.Combine(folder.Path, "out")));
        Assert.Equal("code 129", File.ReadAllText(Path.Combine(folder.Path, "code")).Trim());
        Assert.Contains("weights", after.All);
        Scale.Injected("HUP with a terminal", 1);
    }

    [Fact]
    public void A_run_folder_in_which_another_process_trains_is_refused_before_a_file_is_touched()
    {
        using var folder = new TempFolder();
        using var other = FaultProcess.Start("hold-record", folder.Path);
        other.StandardOutput.ReadLine();
        File.WriteAllText(Path.Combine(folder.Path, "metrics.csv"), "step,loss\n0,1\n");
        var before = Directory.GetFileSystemEntries(folder.Path).Order();

        var error = BadInput.Refused(() => BadInput.Fit(new TinyModel(), ToyData.Batches(8, 4), options: Quiet.Options with { Loggers = [new InFolder(folder.Path)] }), $"in use by process {other.Id}");

        other.StandardInput.WriteLine();
        other.WaitForExit();
        Assert.IsType<MisconfigurationException>(error);
        Assert.Equal("step,loss\n0,1\n", File.ReadAllText(Path.Combine(folder.Path, "metrics.csv")));
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path).Order());
    }

    private static void RequireLinux() => Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit"), "Needs Linux and util-linux.");

    private static void Limit(TrainProcess process, string what)
    {
        using var limit = Process.Start("prlimit", ["--pid", process.Id.ToString(CultureInfo.InvariantCulture), what]);
        limit.WaitForExit();
        Assert.Equal(0, limit.ExitCode);
    }

    private static int Shell(string command, string folder) => ProgramRun.Of("bash", ["-c", command, FaultProcess.Program, folder]).Code;

    private static void RequireWholeCheckpoints(string folder)
    {
        var files = Directory.GetFiles(folder, "*.ckpt", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files) CheckpointFile.Read(file).Dispose();
    }

    /// <summary>A logger that puts the run into a folder of its own and writes as soon as it may.</summary>
    private sealed class InFolder(string folder) : LightningSharp.Logging.IMetricLogger
    {
        public string? Directory => folder;

        public void Start(LightningSharp.Logging.RunInfo run) => File.AppendAllText(Path.Combine(folder, "metrics.csv"), "touched");

        public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
        {
        }

        public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
        {
        }

        public void Flush()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public void Finish(LightningSharp.Logging.RunStatus status)
        {
        }
    }
}
