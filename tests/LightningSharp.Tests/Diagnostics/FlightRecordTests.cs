using LightningSharp.Diagnostics;
using LightningSharp.Tests.Native;

namespace LightningSharp.Tests.Diagnostics;

public sealed class FlightRecordTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lightningsharp-test-");

    private string Folder => Path.Combine(_folder.FullName, "version_0");

    [Theory]
    [InlineData("sigkill")]
    [InlineData("sigsegv")]
    public void The_next_start_says_where_a_killed_run_was(string death)
    {
        var (code, _, _) = FaultProcess.Run(death, Folder);

        using var next = FlightRecord.Open(Folder);

        Assert.NotEqual(0, code);
        var previous = next.Previous!;
        Assert.True(previous.Died);
        Assert.Equal((RunPhase.Train, 3, 1234L, 17L, "/runs/a/last.ckpt"), (previous.Phase, previous.Epoch, previous.Step, previous.Batch, previous.Checkpoint));
        Assert.Contains("died without a word in Train, epoch 3, step 1234", previous.ToString());
        Assert.Contains("last checkpoint /runs/a/last.ckpt", previous.ToString());
    }

    [Fact]
    public void A_run_that_ended_in_order_did_not_die()
    {
        using (var record = FlightRecord.Open(Folder)) record.Update(RunPhase.Validate, 1, 10, 2);

        var report = FlightRecord.Read(Folder)!;

        Assert.False(report.Died);
        Assert.True(report.IsComplete);
        Assert.Null(report.Checkpoint);
    }

    [Fact]
    public void A_folder_in_which_another_process_trains_is_refused_by_name()
    {
        using var other = FaultProcess.Start("hold-record", Folder);
        other.StandardOutput.ReadLine();

        var refusal = Assert.Throws<MisconfigurationException>(() => FlightRecord.Open(Folder));

        other.StandardInput.WriteLine();
        other.WaitForExit();
        Assert.Contains($"in use by process {other.Id}", refusal.Message);
        FlightRecord.Open(Folder).Dispose();
    }

    [Fact]
    public void A_second_run_of_the_same_process_may_follow_in_the_same_folder()
    {
        using var first = FlightRecord.Open(Folder);
        using var second = FlightRecord.Open(Folder);

        Assert.True(second.Previous!.IsRunning);
        Assert.False(second.Previous.Died);
    }

    [Fact]
    public void No_record_an_empty_one_and_rubbish_all_mean_that_nothing_is_known()
    {
        var nothing = FlightRecord.Read(Folder);
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, FlightRecord.FileName);
        var random = new Random(5);

        Assert.Null(nothing);
        foreach (var length in (int[])[0, 1, 4095, 4096, 9000])
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            File.WriteAllBytes(path, bytes);
            Assert.Null(FlightRecord.Read(Folder));
        }

        FlightRecord.Open(Folder).Dispose();
        Assert.True(FlightRecord.Read(Folder)!.IsComplete);
    }

    [Fact]
    public void A_damaged_record_never_throws()
    {
        using (var record = FlightRecord.Open(Folder)) record.Saved("/a/b");
        var path = Path.Combine(Folder, FlightRecord.FileName);
        var good = File.ReadAllBytes(path);
        var random = new Random(6);

        for (var i = 0; i < 500; i++)
        {
            var bytes = good.ToArray();
            for (var hit = 0; hit < 3; hit++) bytes[8 + random.Next(100)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            _ = FlightRecord.Read(Folder)?.ToString();
        }
    }

    [Fact]
    public void Updates_allocate_nothing_and_are_harmless_after_the_end()
    {
        using var memory = new MemoryWatch();
        var record = FlightRecord.Open(Folder);
        record.Update(RunPhase.Train, 0, 0, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            record.Update(RunPhase.Train, 1, i, i);
            record.Update(RunPhase.Optimize);
            record.Saved("/runs/a/last.ckpt");
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        record.Dispose();
        record.Update(RunPhase.Test, 9, 9, 9);
        record.Update(memory);
        record.Saved("late");
        record.Dispose();
        Assert.Equal(999, FlightRecord.Read(Folder)!.Step);
    }

    [Fact]
    public void A_path_that_is_too_long_is_left_out_rather_than_cut()
    {
        using (var record = FlightRecord.Open(Folder)) record.Saved(new string('x', 5000));

        Assert.Null(FlightRecord.Read(Folder)!.Checkpoint);
    }

    [Fact]
    public void Memory_near_its_limit_is_named_as_the_probable_cause()
    {
        var report = new FlightReport(false, false, 7, RunPhase.Train, 0, 5, 5, 39L << 27, 39L << 27, 40L << 27, DateTimeOffset.UnixEpoch, null);

        Assert.Contains("4.9 of 5.0 GiB used (probably killed for memory); it had written no checkpoint", report.ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
