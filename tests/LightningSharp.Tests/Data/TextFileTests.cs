using LightningSharp.Data;

namespace LightningSharp.Tests.Data;

public sealed class TextFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one", new[] { "one" })]
    [InlineData("one\n", new[] { "one" })]
    [InlineData("\n", new[] { "" })]
    [InlineData("one\r\ntwo\n\nfour", new[] { "one", "two", "", "four" })]
    [InlineData("\uFEFFgrüß\n日本語\r\n", new[] { "grüß", "日本語" })]
    [InlineData("a\rb\r\r\nc", new[] { "a\rb\r", "c" })]
    public void Lines_are_the_same_by_position_and_from_the_front(string content, string[] lines)
    {
        File.WriteAllText(_path, content);

        using var file = new TextFile(_path);

        Assert.Equal(lines, Enumerable.Range(0, file.Count).Select(file.Get));
        Assert.Equal(lines, TextFile.Stream(_path).Read(0));
    }

    [Fact]
    public void Lines_longer_than_the_buffers_and_many_of_them_are_read_in_any_order_by_any_number_of_workers()
    {
        string[] lines = [.. Enumerable.Range(0, 3000).Select(i => i % 500 == 7 ? new string((char)('a' + (i % 26)), 400_000) : $"line {i}")];
        File.WriteAllText(_path, string.Join('\n', lines));

        using var file = new TextFile(_path);
        string[] read = [.. new DataLoader<string[]>(file, batchSize: 64, shuffle: true, workers: 3, seed: 1).SelectMany(batch => batch)];

        Assert.Equal(lines.Length, file.Count);
        Assert.Equal(lines.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
        Assert.NotEqual(lines, read);
        Assert.Equal(lines, new DataLoader<string[]>(TextFile.Stream(_path), batchSize: 64, workers: 2).SelectMany(batch => batch));
    }

    [Fact]
    public void A_known_number_of_lines_gives_a_stream_its_length()
    {
        File.WriteAllText(_path, "a\nb\nc\n");

        Assert.Equal(2, new DataLoader<string[]>(TextFile.Stream(_path, count: 3), batchSize: 2).BatchCount);
        Assert.Null(new DataLoader<string[]>(TextFile.Stream(_path), batchSize: 2).BatchCount);
    }

    [Fact]
    public void Bad_files_are_named_with_what_was_expected()
    {
        File.WriteAllBytes(_path, [0x1f, 0x8b, 8, 0, 0]);
        var gzip = Assert.Throws<DataException>(() => new TextFile(_path));
        var streamed = Assert.Throws<DataException>(() => new DataLoader<string[]>(TextFile.Stream(_path)).Count());
        File.WriteAllBytes(_path, [(byte)'a', (byte)'\n', 0xC3, 0x28, (byte)'\n']);
        using var file = new TextFile(_path);
        var notText = Assert.Throws<DataException>(() => file.Get(1));
        var missing = Assert.Throws<DataException>(() => new TextFile(_path + ".none"));

        Assert.Contains("gzip-compressed", gzip.Message, StringComparison.Ordinal);
        Assert.Contains("gzip-compressed", streamed.Message, StringComparison.Ordinal);
        Assert.Contains("line 1: expected UTF-8", notText.Message, StringComparison.Ordinal);
        Assert.Contains(".none could not be read", missing.Message, StringComparison.Ordinal);
        Assert.Equal("a", file.Get(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Get(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Get(-1));
    }

    [Fact]
    public void A_file_that_became_shorter_is_noticed()
    {
        File.WriteAllText(_path, "one\ntwo\nthree\n");
        using var file = new TextFile(_path);

        File.WriteAllText(_path, "one\n");

        Assert.Equal("one", file.Get(0));
        Assert.Contains("ends before line 2", Assert.Throws<DataException>(() => file.Get(2)).Message, StringComparison.Ordinal);
    }
}
