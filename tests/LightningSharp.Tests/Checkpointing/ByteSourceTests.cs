using LightningSharp.Checkpointing;

namespace LightningSharp.Tests.Checkpointing;

public class ByteSourceTests
{
    [Theory]
    [InlineData(0, 4, true)]
    [InlineData(2, 2, true)]
    [InlineData(4, 0, true)]
    [InlineData(3, 2, false)]
    [InlineData(5, 0, false)]
    [InlineData(-1, 1, false)]
    [InlineData(long.MaxValue, 4, false)]
    public void Every_read_is_whole_or_refused(long offset, int count, bool fits)
    {
        using var source = ByteSource.Over(new MemoryStream([1, 2, 3, 4]), longest: 4);
        var target = new byte[count];

        var error = Record.Exception(() => source.Read(offset, target));

        if (fits) Assert.Equal(Enumerable.Range((int)offset + 1, count).Select(i => (byte)i), target);
        else Assert.Contains("truncated or damaged", Assert.IsType<CheckpointRefusedException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_is_read_from_where_it_stands()
    {
        using var stream = new MemoryStream([9, 9, 1, 2]) { Position = 2 };
        using var source = ByteSource.Over(stream, longest: 1);
        var target = new byte[2];

        source.Read(0, target);

        Assert.Equal(2, source.Length);
        Assert.Equal([1, 2], target);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(99, false)]
    public void A_stream_that_cannot_seek_is_read_up_to_a_limit(long longest, bool fits)
    {
        using var stream = new OneWayStream(new byte[100]);

        var error = Record.Exception(() => ByteSource.Over(stream, longest).Dispose());

        if (fits) Assert.Null(error);
        else Assert.Contains("more than 99 bytes", Assert.IsType<CheckpointRefusedException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_to_nothing_says_what_is_there_instead()
    {
        using var folder = new TestFolder();
        var none = Message(folder["a.ckpt"]);
        foreach (var name in new[] { "b.ckpt", "c.pt", "d.pth", "e.safetensors", "f.txt" }) File.WriteAllText(folder[name], "x");

        var some = Message(folder["a.ckpt"]);

        Assert.EndsWith("The folder has no checkpoint.", none, StringComparison.Ordinal);
        Assert.All(["b.ckpt", "c.pt", "d.pth", "e.safetensors"], name => Assert.Contains(name, some, StringComparison.Ordinal));
        Assert.DoesNotContain("f.txt", some, StringComparison.Ordinal);
        Assert.EndsWith("The folder does not exist either.", Message(folder["nowhere/a.ckpt"]), StringComparison.Ordinal);
        Assert.Contains("is a folder", Message(folder.Path), StringComparison.Ordinal);
        Assert.Contains("is an address", Message("https://example.com/a.ckpt"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_a_save_that_was_cut_off()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["a.ckpt"], "");

        Assert.Contains("It is empty", Message(folder["a.ckpt"]), StringComparison.Ordinal);
    }

    private static string Message(string path) => Assert.ThrowsAny<CheckpointException>(() => ByteSource.Open(path)).Message;
}
