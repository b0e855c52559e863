using LightningSharp.Checkpointing;
using LightningSharp.Checkpointing.Archives;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>A sound file of two records, of which one field at a time says something else.</summary>
public class ZipDirectoryTests
{
    private static readonly byte[] Sound = Archive();

    private static readonly int End = Sound.Length - 22;

    public static TheoryData<string, int> Fields
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var (what, at) in new[] { ("mark", 0), ("disk", 4), ("disk of the directory", 6), ("records on the disk", 8), ("records", 10), ("size", 12), ("offset", 16), ("comment", 20) }) rows.Add($"end: {what}", End + at);
            foreach (var (what, at) in new[] { ("mark", 0), ("flags", 8), ("method", 10), ("checksum", 16), ("packed", 20), ("size", 24), ("name length", 28), ("extra length", 30), ("comment length", 32), ("disk", 34), ("offset", 42), ("name", 46) })
                rows.Add($"directory: {what}", Directory() + at);
            foreach (var (what, at) in new[] { ("mark", 0), ("flags", 6), ("method", 8), ("checksum", 14), ("packed", 18), ("size", 22), ("name length", 26), ("extra length", 28), ("name", 30) }) rows.Add($"record: {what}", at);
            return rows;
        }
    }

    [Fact]
    public void The_sound_file_is_read()
    {
        var entries = Read(Sound);

        Assert.Equal(["a", "b"], entries.Select(entry => entry.Name[^1..]));
        Assert.Equal([3L, 5], entries.Select(entry => entry.Size));
        foreach (var entry in entries) Assert.Equal((byte)entry.Size, Sound[entry.DataOffset]);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_that_says_something_else_is_noticed(string what, int at)
    {
        var bytes = Sound.ToArray();
        bytes[at] ^= 1;

        Assert.True(Record.Exception(() => Read(bytes)) is CheckpointRefusedException, what);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void The_number_of_records_has_a_limit(int most, bool fits)
    {
        var error = Record.Exception(() => Read(Sound, most));

        if (fits) Assert.Null(error);
        else Assert.Contains("claims 2 records, the limit is 1", Assert.IsType<CheckpointRefusedException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_before_behind_and_missing_are_noticed()
    {
        Assert.Throws<CheckpointRefusedException>(() => Read([0, .. Sound]));
        Assert.Throws<CheckpointRefusedException>(() => Read([.. Sound, 0]));
        Assert.Throws<CheckpointRefusedException>(() => Read(Sound[..^1]));
        Assert.Throws<CheckpointRefusedException>(() => Read(Sound[1..]));
        Assert.Contains("too short", Assert.Throws<CheckpointRefusedException>(() => Read(Sound[..21])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("..")]
    [InlineData("a\\b")]
    [InlineData("c:a")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void Names_that_lead_elsewhere_are_refused(string name)
    {
        var bytes = Archive(name, "b");

        Assert.Contains("is not allowed", Assert.Throws<CheckpointRefusedException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void A_name_has_at_most_1024_characters(int length, bool fits)
        => Assert.Equal(fits, Record.Exception(() => Read(Archive(new string('a', length), "b"))) is null);

    [Fact]
    public void A_name_that_is_there_twice_is_refused()
        => Assert.Contains("is there twice", Assert.Throws<CheckpointRefusedException>(() => Read(Archive("a", "a"))).Message, StringComparison.Ordinal);

    private static List<ZipEntry> Read(byte[] bytes, int maxRecords = 10)
    {
        using var source = ByteSource.Over(new MemoryStream(bytes), longest: 0);
        return ZipDirectory.Read(source, maxRecords);
    }

    private static byte[] Archive(string first = "a", string second = "b")
    {
        using var stream = new MemoryStream();
        var zip = new ZipRecordWriter(stream);
        zip.Record(first, [3, 0, 0]);
        zip.Record(second, [5, 0, 0, 0, 0]);
        zip.Finish();
        return stream.ToArray();
    }

    private static int Directory() => BitConverter.ToInt32(Sound, End + 16);
}
