using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>Faults of disk and loggers around a whole training (F04, F06, F09, F11, F22, C9): nothing that was good is lost, training goes on, the result says what failed.</summary>
public class DiskFaultTests
{
    [Fact]
    public void A_full_disk_costs_neither_the_training_nor_the_checkpoint_that_was_there()
    {
        using var disk = new SmallDisk();
        var checkpoint = new ModelCheckpoint { SaveTopK = -1 };

        var result = new Trainer(Options(disk.Path, 4) with { Callbacks = [new AtEpoch(2, disk.Fill), checkpoint], LoggerFactory = new RecordedMessages() }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal((StopReason.MaxEpochs, 8L, 0), (result.StopReason, result.Progress.GlobalStep, result.ExitCode));
        Assert.NotEmpty(result.FailedSaves);
        Assert.Contains("The disk is full", result.FailedSaves[0], StringComparison.Ordinal);
        Assert.Empty(System.IO.Directory.EnumerateFiles(disk.Path, "*.tmp-*", SearchOption.AllDirectories));
        var whole = Directory.GetFiles(checkpoint.Directory!, "*.ckpt");
        Assert.NotEmpty(whole);
        foreach (var file in whole) CheckpointFile.Read(file).Dispose();
        Scale.Injected("save on a full disk", result.FailedSaves.Count);
    }

    [Fact]
    public void A_file_system_that_becomes_read_only_in_mid_run_costs_the_saves_and_not_the_training()
    {
        using var folder = new TempFolder();
        using var disk = new SmallDisk(megabytes: 16);

        var result = new Trainer(Options(folder.Path, 4) with { Callbacks = [new AtEpoch(2, disk.MakeReadOnly), new ModelCheckpoint { DirPath = disk.Path }] }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal((StopReason.MaxEpochs, 8L), (result.StopReason, result.Progress.GlobalStep));
        Assert.NotEmpty(result.FailedSaves);
        CheckpointFile.Read(Assert.Single(Directory.GetFiles(disk.Path, "*.ckpt"))).Dispose();
        Scale.Injected("save on a read-only file system", result.FailedSaves.Count);
    }

    [Fact]
    public void A_logger_that_blocks_for_long_holds_the_training_once_and_not_for_long()
    {
        using var folder = new TempFolder();
        using var release = new ManualResetEventSlim();
        var memory = new InMemoryLogger();
        var messages = new RecordedMessages();

        var result = new Trainer(Options(folder.Path, 1) with { Loggers = [new Blocks(release), memory], LogEveryNSteps = 1, LoggerFactory = messages }).Fit(new TinyModel(), ToyData.Batches(32, 4));

        release.Set();
        Assert.Equal(8, result.Progress.GlobalStep);
        Assert.Equal(8, memory.Rows.Count(row => row.Values.ContainsKey("loss")));
        Assert.Contains(messages.Texts, text => text.Contains(nameof(Blocks), StringComparison.Ordinal));
        Scale.Injected("logger that blocks", 1);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("file")]
    [InlineData("link loop")]
    public void A_checkpoint_folder_that_vanishes_in_mid_run_does_not_end_it(string how)
    {
        using var folder = new TempFolder();
        var target = Path.Combine(folder.Path, "checkpoints");
        var breaks = new Breaks(target, how);
        var messages = new RecordedMessages();

        var result = new Trainer(Options(folder.Path, 4) with { Callbacks = [breaks, new ModelCheckpoint { DirPath = target }], LoggerFactory = messages }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal(8, result.Progress.GlobalStep);
        if (how == "deleted") Assert.NotEmpty(Directory.GetFiles(target, "*.ckpt")); // made again
        else Assert.NotEmpty(result.FailedSaves);
        Assert.Equal(result.FailedSaves.Count > 0, messages.Texts.Any(text => text.Contains("could not be", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.99)]
    public void A_truncated_newest_checkpoint_is_passed_over_with_a_warning_for_the_whole_one_before(double share)
    {
        using var folder = new TempFolder();
        var all = new ModelCheckpoint { SaveTopK = -1 };
        new Trainer(Options(folder.Path, 2) with { Callbacks = [all] }).Fit(new TinyModel(), ToyData.Batches(8, 4));
        var newest = Directory.GetFiles(all.Directory!, "*.ckpt").OrderByDescending(File.GetLastWriteTimeUtc).First();
        var time = File.GetLastWriteTimeUtc(newest);
        using (var file = new FileStream(newest, FileMode.Open)) file.SetLength((long)(file.Length * share));
        File.SetLastWriteTimeUtc(newest, time);
        foreach (var resume in (Resume[])[Resume.Auto, Resume.Last])
        {
            var messages = new RecordedMessages();
            var trainer = new Trainer(Options(folder.Path, 2) with { Callbacks = [new ModelCheckpoint { SaveTopK = 0 }], LoggerFactory = messages });

            var result = trainer.Fit(new TinyModel(), ToyData.Batches(8, 4), resume: resume);

            var said = string.Join('\n', messages.Texts.Concat(Directory.GetFiles(all.Directory!)));
            Assert.True(trainer.ResumedFrom?.EndsWith("epoch=0-step=2.ckpt", StringComparison.Ordinal), said);
            Assert.Equal(4, result.Progress.GlobalStep);
            Assert.Contains(messages.Texts, text => text.Contains(Path.GetFileName(newest), StringComparison.Ordinal) && text.Contains("passed over", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_logger_that_throws_is_named_once_and_the_others_go_on(int from)
    {
        var (messages, memory) = (new RecordedMessages(), new InMemoryLogger());
        using var folder = new TempFolder();

        var result = new Trainer(Options(folder.Path, 1) with { Loggers = [new Throws(from), memory], LogEveryNSteps = 1, LoggerFactory = messages }).Fit(new TinyModel(), ToyData.Batches(32, 4));

        Assert.Equal(8, result.Progress.GlobalStep);
        Assert.Equal(8, memory.Rows.Count(row => row.Values.ContainsKey("loss")));
        Assert.Single(messages.Texts, text => text.Contains(nameof(Throws), StringComparison.Ordinal));
    }

    [Fact]
    public void Temporary_files_of_dead_processes_go_at_the_start()
    {
        using var folder = new TempFolder();
        var target = Directory.CreateDirectory(Path.Combine(folder.Path, "checkpoints")).FullName;
        var leftover = Path.Combine(target, "last.ckpt.tmp-999999999-1");
        File.WriteAllText(leftover, "half a file");

        new Trainer(Options(folder.Path, 1) with { Callbacks = [new ModelCheckpoint { DirPath = target }] }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.False(File.Exists(leftover));
    }

    [Fact]
    public void Asking_from_outside_saves_and_stops_with_code_75()
    {
        using var folder = new TempFolder();
        var asks = new Asks();

        var result = new Trainer(Options(folder.Path, 10_000) with { Callbacks = [asks, new ModelCheckpoint()] }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal((StopReason.Controlled, ExitCodes.StoppedEarly), (result.StopReason, result.ExitCode));
        Assert.True(File.Exists(result.BestCheckpoint));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(result.BestCheckpoint!)!, "asked-step=*.ckpt"));
    }

    private static TrainerOptions Options(string root, int epochs) => Quiet.Options with { EnableCheckpointing = true, DefaultRootDir = root, MaxEpochs = epochs };

    private sealed class Breaks(string target, string how) : Callback
    {
        public override void OnTrainEpochStart(HookContext context)
        {
            if (context.Trainer.CurrentEpoch != 2) return;
            Directory.Delete(target, recursive: true);
            if (how == "file") File.WriteAllText(target, "in the way");
            if (how == "link loop") File.CreateSymbolicLink(target, target);
        }
    }

    private sealed class AtEpoch(int epoch, Action action) : Callback
    {
        public override void OnTrainEpochStart(HookContext context)
        {
            if (context.Trainer.CurrentEpoch == epoch) action();
        }
    }

    private sealed class Blocks(ManualResetEventSlim release) : IMetricLogger
    {
        public string? Directory => null;

        public void Start(RunInfo run)
        {
        }

        public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
        {
        }

        public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step) => release.Wait(TimeSpan.FromSeconds(20));

        public void Flush()
        {
        }

        public void Finish(RunStatus status)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Asks : Callback
    {
        private bool _asked;

        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            Thread.Sleep(1);
            if (_asked || context.Trainer.GlobalStep < 3) return;
            _asked = true;
            RunControl.Ask(context.Trainer.RunDirectory!, RunRequests.Save | RunRequests.Stop);
        }
    }

    private sealed class Throws(int from) : IMetricLogger
    {
        private int _calls;

        public string? Directory => null;

        public void Start(RunInfo run)
        {
        }

        public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
        {
        }

        public void Flush()
        {
        }

        public void Finish(RunStatus status)
        {
        }

        public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
        {
            if (++_calls >= from) throw new IOException("the server is away");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
