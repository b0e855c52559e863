using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class WholeFileTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_new_text_takes_the_place_of_the_old_one_without_a_mark()
    {
        File.WriteAllText(_temp["a.json"], "old and longer");

        WholeFile.WriteText(_temp["a.json"], "é");

        Assert.Equal([0xC3, 0xA9], File.ReadAllBytes(_temp["a.json"]));
        Assert.Equal(["a.json"], Directory.GetFiles(_temp.Root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_leaves_the_old_file_and_nothing_beside_it(bool permission)
    {
        File.WriteAllText(_temp["a.json"], "old");
        Exception given = permission ? new UnauthorizedAccessException("not yours") : new IOException("full");

        var thrown = Record.Exception(() => WholeFile.Write(_temp["a.json"], stream =>
        {
            stream.WriteByte(1);
            throw given;
        }));

        Assert.Same(given, thrown);
        Assert.Equal("old", File.ReadAllText(_temp["a.json"]));
        Assert.Equal(["a.json"], Directory.GetFiles(_temp.Root).Select(Path.GetFileName));
    }
}
