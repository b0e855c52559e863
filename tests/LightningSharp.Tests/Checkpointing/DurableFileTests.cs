using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

public class DurableFileTests
{
    [Fact]
    public void A_failure_at_any_call_leaves_the_old_file_and_no_other()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();
        var path = folder["last.ckpt"];
        CheckpointFile.Write(path, new Dictionary<string, object?> { ["generation"] = 1L });
        var old = File.ReadAllBytes(path);
        using var plan = WritePlan.Of(new Dictionary<string, Tensor> { ["w"] = zeros(1 << 20) }); // 4 MiB: several pieces
        var injected = 0;

        for (var n = 1; ; n++)
        {
            var faults = new FaultyFiles(failAt: n);
            if (Record.Exception(() => new DurableFile(faults).Write(path, plan.WriteTo)) is not { } exception) break;
            injected++;
            var problem = Assert.IsType<CheckpointException>(exception);
            Assert.Contains(path, problem.Message, StringComparison.Ordinal);
            if (faults.Failed != "flush folder")
            {
                Assert.Contains("The disk is full", problem.Message, StringComparison.Ordinal);
                Assert.Equal(old, File.ReadAllBytes(path));
            }

            Assert.Equal(["last.ckpt"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        }

        using var read = CheckpointFile.Read(path);
        Assert.True(injected >= 20, $"only {injected} faults"); // create, 5 records of 3 writes, flush, rename, folder
        Assert.Equal(["w"], read.Keys);
    }

    [Fact]
    public void What_is_read_back_and_is_not_what_was_written_never_replaces_a_file()
    {
        using var folder = new TestFolder();
        var path = folder["last.ckpt"];
        var values = new Dictionary<string, object?> { ["w"] = TorchSharp.torch.ones(1000) };
        CheckpointFile.Write(path, values, new() { Verify = true });
        var old = File.ReadAllBytes(path);
        values["w"] = TorchSharp.torch.zeros(1000);
        using var plan = WritePlan.Of(values);
        var refused = 0;
        for (var write = 1; write <= 24; write++)
        {
            var files = new FlippedBits(write);

            var exception = Record.Exception(() => plan.WriteTo(path, new DurableFile(files), new() { Verify = true }));

            if (!files.Flipped) break;
            if (exception is null) // a bit of the padding that aligns tensors, which nobody reads
            {
                using var read = CheckpointFile.Read(path);
                Assert.Equal(0, read.StateDict()["w"].sum().ToSingle());
                File.WriteAllBytes(path, old);
                continue;
            }

            refused++;
            Assert.Contains("not what was written", Assert.IsType<CheckpointException>(exception).Message, StringComparison.Ordinal);
            Assert.Equal(old, File.ReadAllBytes(path));
        }

        Assert.True(refused >= 10, $"only {refused} were noticed");
        Assert.Equal(["last.ckpt"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void The_file_is_flushed_before_the_rename_and_the_folder_after_it()
    {
        using var folder = new TestFolder();
        var files = new FaultyFiles(failAt: 0);

        new DurableFile(files).Write(folder["new/deep/a.ckpt"], stream => stream.WriteByte(1));

        Assert.Equal("create folder, create, write, flush, rename, flush folder, flush folder, flush folder", string.Join(", ", files.Calls));
    }

    [Fact]
    public void A_target_that_is_a_folder_or_not_allowed_is_a_clear_error()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["a.ckpt"]);
        File.WriteAllText(folder["file"], "");

        Assert.Contains("There is a folder of that name", Assert.Throws<CheckpointException>(() => CheckpointFile.Write(folder["a.ckpt"], new Dictionary<string, object?>())).Message, StringComparison.Ordinal);
        Assert.Contains("could not be written", Assert.Throws<CheckpointException>(() => CheckpointFile.Write(folder["file/b.ckpt"], new Dictionary<string, object?>())).Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public void A_folder_that_vanished_is_made_again()
    {
        using var folder = new TestFolder();
        CheckpointFile.Write(folder["run/a.ckpt"], new Dictionary<string, object?> { ["x"] = 1 });
        Directory.Delete(folder["run"], recursive: true);

        CheckpointFile.Write(folder["run/a.ckpt"], new Dictionary<string, object?> { ["x"] = 2 });

        using var read = CheckpointFile.Read(folder["run/a.ckpt"]);
        Assert.Equal(2L, read["x"]);
    }

    [Fact]
    public void Leftovers_of_dead_processes_go_and_everything_else_stays()
    {
        using var folder = new TestFolder();
        string[] stay = ["a.ckpt", "notes.tmp-x", "b.ckpt.tmp", "c.tmp-1-", $"live.ckpt.tmp-{Environment.ProcessId}-900"];
        string[] go = [$"a.ckpt.tmp-{int.MaxValue}-1", $"last.ckpt.tmp-{int.MaxValue}-12", $"own.ckpt.tmp-{Environment.ProcessId}-901"];
        foreach (var name in stay.Concat(go)) File.WriteAllText(folder[name], "x");
        using var live = new FileStream(folder[stay[^1]], FileMode.Open, FileAccess.Write, FileShare.None);

        var removed = DurableFile.Default.RemoveLeftovers(folder.Path);

        Assert.Equal(go.Length, removed);
        Assert.Equal(stay.Order(StringComparer.Ordinal), Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_name_keeps_its_content_when_the_first_is_replaced_or_deleted(bool hardLinks)
    {
        using var folder = new TestFolder();
        CheckpointFile.Write(folder["best.ckpt"], new Dictionary<string, object?> { ["x"] = 1 });

        new DurableFile(new FaultyFiles(failAt: 0) { HardLinks = hardLinks }).Link(folder["best.ckpt"], folder["last.ckpt"]);
        CheckpointFile.Write(folder["best.ckpt"], new Dictionary<string, object?> { ["x"] = 2 });
        File.Delete(folder["best.ckpt"]);

        using var read = CheckpointFile.Read(folder["last.ckpt"]);
        Assert.Equal(1L, read["x"]);
        Assert.Equal(["last.ckpt"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_no_leftovers()
    {
        using var folder = new TestFolder();

        Assert.Equal(0, DurableFile.Default.RemoveLeftovers(folder["nowhere"]));
    }

    [Fact]
    public void A_file_of_another_living_process_goes_when_it_is_old()
    {
        using var folder = new TestFolder();
        var living = OperatingSystem.IsWindows() ? 4 : 1;
        var (young, old) = (folder[$"a.ckpt.tmp-{living}-1"], folder[$"a.ckpt.tmp-{living}-2"]);
        File.WriteAllText(young, "x");
        File.WriteAllText(old, "x");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-11));

        Assert.Equal(1, DurableFile.Default.RemoveLeftovers(folder.Path));
        Assert.Equal([Path.GetFileName(young)], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_that_is_being_written_is_no_leftover_of_its_own_process()
    {
        using var folder = new TestFolder();
        var removed = -1;

        new DurableFile(new FileOperations()).Write(folder["a.ckpt"], stream => stream.WriteByte(1), verify: _ => removed = DurableFile.Default.RemoveLeftovers(folder.Path));

        Assert.Equal(0, removed);
        Assert.Equal([1], File.ReadAllBytes(folder["a.ckpt"]));
    }

    [Fact]
    public void Without_waiting_for_the_disk_nothing_is_flushed()
    {
        using var folder = new TestFolder();
        var (write, link) = (new FaultyFiles(failAt: 0), new FaultyFiles(failAt: 0) { HardLinks = false });

        new DurableFile(write).Write(folder["new/a.ckpt"], stream => stream.WriteByte(1), flushToDisk: false);
        new DurableFile(link).Link(folder["new/a.ckpt"], folder["new/b.ckpt"], flushToDisk: false);

        Assert.Equal("create folder, create, write, rename", string.Join(", ", write.Calls));
        Assert.Equal("create folder, create, write, rename", string.Join(", ", link.Calls));
    }

    [Fact]
    public void A_copy_for_a_second_name_is_flushed_like_any_file()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["a.ckpt"], "x");
        var files = new FaultyFiles(failAt: 0) { HardLinks = false };

        new DurableFile(files).Link(folder["a.ckpt"], folder["b.ckpt"]);

        Assert.Equal("create folder, create, write, flush, rename, flush folder", string.Join(", ", files.Calls));
    }

    [Fact]
    public void What_went_wrong_is_said_in_words_and_the_cause_kept()
    {
        using var folder = new TestFolder();
        (Exception Cause, string Words)[] rows =
        [
            (new UnauthorizedAccessException("x"), "There is no permission to write there. An older file"), (new DirectoryNotFoundException("x"), "The folder vanished while the file was written. An older file"),
            (new FileNotFoundException("x"), "The folder vanished"), (new PathTooLongException("x"), "The path is too long."), (new IOException("x"), "could not be written. An older file of that name is untouched. (x)"),
        ];

        foreach (var (cause, words) in rows)
        {
            var error = Assert.Throws<CheckpointException>(() => DurableFile.Default.Write(folder["a.ckpt"], _ => throw cause));

            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Same(cause, error.InnerException);
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void An_error_of_the_writer_itself_comes_out_unchanged_and_leaves_nothing()
    {
        using var folder = new TestFolder();
        var bug = new InvalidTimeZoneException("x");

        Assert.Same(bug, Assert.Throws<InvalidTimeZoneException>(() => DurableFile.Default.Write(folder["a.ckpt"], _ => throw bug)));

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    /// <summary>A disk that turns one bit of the n-th write around.</summary>
    private sealed class FlippedBits(int atWrite) : FileOperations
    {
        public bool Flipped { get; private set; }

        public override Stream Create(string path) => new Flips(base.Create(path), this, atWrite);

        public override void FlushToDisk(Stream stream) => stream.Flush();

        private sealed class Flips(Stream inner, FlippedBits owner, int atWrite) : Stream
        {
            private int _writes;

            public override bool CanRead => false;

            public override bool CanSeek => false;

            public override bool CanWrite => true;

            public override long Length => inner.Length;

            public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

            public override void Write(ReadOnlySpan<byte> buffer)
            {
                var copy = buffer.ToArray();
                if (++_writes == atWrite && copy.Length > 0)
                {
                    copy[copy.Length / 2] ^= 4;
                    owner.Flipped = true;
                }

                inner.Write(copy);
            }

            public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

            public override void Flush() => inner.Flush();

            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

            public override void SetLength(long value) => throw new NotSupportedException();

            protected override void Dispose(bool disposing)
            {
                if (disposing) inner.Dispose();
                base.Dispose(disposing);
            }
        }
    }
}
