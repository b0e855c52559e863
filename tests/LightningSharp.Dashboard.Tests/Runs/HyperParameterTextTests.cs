using LightningSharp.Dashboard.Runs;
using LightningSharp.Logging;

namespace LightningSharp.Dashboard.Tests.Runs;

public sealed class HyperParameterTextTests
{
    [Fact]
    public void What_the_library_writes_is_read_back_flat()
    {
        Dictionary<string, object?> parameters = new()
        {
            ["lr"] = 0.001,
            ["name"] = "it's: 'odd' # text",
            ["empty"] = "",
            ["none"] = null,
            ["layers"] = new List<object?> { 128, 64 },
            ["optimizer"] = new Dictionary<string, object?> { ["name"] = "adam", ["betas"] = new List<object?> { 0.9, 0.999 }, ["deep"] = new Dictionary<string, object?> { ["x"] = true } },
            ["after"] = 3,
        };

        var read = HyperParameterText.Read(HyperParametersFile.ToYaml(parameters));

        var expected = HyperParametersFile.Flatten(parameters).Keys.Order(StringComparer.Ordinal);
        Assert.Equal(expected, read.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        var values = read.ToDictionary();
        Assert.Equal("0.001", values["lr"]);
        Assert.Equal("it's: 'odd' # text", values["name"]);
        Assert.Equal("", values["empty"]);
        Assert.Equal("64", values["layers/1"]);
        Assert.Equal("0.999", values["optimizer/betas/1"]);
        Assert.Equal("true", values["optimizer/deep/x"]);
        Assert.Equal("3", values["after"]);
    }

    [Fact]
    public void What_Python_writes_is_read_too()
    {
        var read = HyperParameterText.Read("# a comment\nlr: 1e-3\nsizes:\n- 1\n- 2\nnet:\n    hidden: 128\n    act: relu\nseed: 7\n").ToDictionary();

        Assert.Equal("1e-3", read["lr"]);
        Assert.Equal("2", read["sizes/1"]);
        Assert.Equal("128", read["net/hidden"]);
        Assert.Equal("7", read["seed"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b\n")]
    [InlineData("{a: [1, 2")]
    [InlineData(":::\n  : :\n\t- x\n'")]
    [InlineData("\"unclosed: 1\n")]
    public void Text_that_is_no_such_file_gives_what_it_can_and_never_fails(string text)
        => Assert.NotNull(HyperParameterText.Read(text));
}
