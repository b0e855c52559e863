using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class JsonLinesFileTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Path => _temp["events.jsonl"];

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("{}\n", "{}\n")]
    [InlineData("{}\n{\"a\"", "{}\n")]
    [InlineData("torn", "")]
    public void What_has_no_line_end_is_cut_off(string left, string expected)
    {
        File.WriteAllText(Path, left);

        new JsonLinesFile(Path).Dispose();

        Assert.Equal(expected, File.ReadAllText(Path));
    }

    [Theory]
    [InlineData(4094)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(9000)]
    public void A_torn_line_longer_than_a_block_goes_whole(int length)
    {
        File.WriteAllText(Path, "{}\n" + new string('x', length));

        new JsonLinesFile(Path).Dispose();

        Assert.Equal("{}\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Lines_wait_until_they_are_flushed_and_count_in_the_length()
    {
        using var file = new JsonLinesFile(Path);
        Add(file, "first", flush: false);
        var waiting = (Text(), file.Length);

        Add(file, "second", flush: true);

        Assert.Equal("", waiting.Item1);
        Assert.True(waiting.Length > 0);
        Assert.Equal(["first", "second"], Kinds());
        Assert.Equal(file.Length, Text().Length);
    }

    [Fact]
    public void Many_lines_are_flushed_by_their_size()
    {
        using var file = new JsonLinesFile(Path);

        for (var i = 0; i < 2_000; i++) Add(file, "line", flush: false);

        Assert.True(Text().Length > 64 * 1024);
    }

    [Fact]
    public void What_came_after_a_known_length_is_cut_off_and_writing_goes_on_there()
    {
        using var file = new JsonLinesFile(Path);
        Add(file, "first", flush: false);
        var length = file.Length;
        Add(file, "second", flush: false);

        file.CutTo(length + 100_000);
        var both = Kinds();
        file.CutTo(length + 3); // in the middle of a line
        var one = Kinds();
        Add(file, "third", flush: true);

        Assert.Equal(["first", "second"], both);
        Assert.Equal(["first"], one);
        Assert.Equal(["first", "third"], Kinds());
    }

    private static void Add(JsonLinesFile file, string kind, bool flush)
    {
        _ = file.Begin(kind);
        file.End(flush);
    }

    private List<string> Kinds() => [.. Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!)];

    private string Text()
    {
        using var reader = new StreamReader(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
