using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public class HyperParametersFileTests
{
    [Fact]
    public void Nested_data_is_written_in_block_style()
    {
        var yaml = HyperParametersFile.ToYaml(new Dictionary<string, object?>
        {
            ["lr"] = 0.1,
            ["name"] = "toy",
            ["nested"] = new Dictionary<string, object?> { ["a"] = null, ["b"] = true },
            ["sizes"] = new[] { 1, 2 },
            ["layers"] = new List<object?> { new Dictionary<string, object?> { ["k"] = 3L }, new object?[] { "x" } },
            ["empty"] = Array.Empty<int>(),
            ["none"] = new Dictionary<string, object?>(),
        });

        Assert.Equal(
            "lr: 0.1\nname: toy\nnested:\n  a: null\n  b: true\nsizes:\n- 1\n- 2\nlayers:\n-\n  k: 3\n-\n  - x\nempty: []\nnone: {}\n", yaml);
    }

    [Theory]
    [InlineData(1e-5, "1.0e-05")]
    [InlineData(1e20, "1.0e+20")]
    [InlineData(3.0, "3.0")]
    [InlineData(2.5e-9, "2.5e-09")]
    [InlineData(double.NaN, ".nan")]
    [InlineData(double.NegativeInfinity, "-.inf")]
    public void A_double_looks_like_a_number_to_every_YAML_reader(double value, string expected)
        => Assert.Equal($"x: {expected}\n", HyperParametersFile.ToYaml(new Dictionary<string, object?> { ["x"] = value }));

    [Theory]
    [InlineData("true", "'true'")]
    [InlineData("NO", "'NO'")]
    [InlineData("1e-3", "'1e-3'")]
    [InlineData("0x1F", "'0x1F'")]
    [InlineData("2026-11-23", "'2026-11-23'")]
    [InlineData("12:30", "'12:30'")]
    [InlineData("", "''")]
    [InlineData("null", "'null'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("- x", "'- x'")]
    [InlineData("[1]", "'[1]'")]
    [InlineData("!tag", "'!tag'")]
    [InlineData(" lead", "' lead'")]
    [InlineData("two\nlines", "\"two\\nlines\"")]
    [InlineData("esc\u001b[0m", "\"esc\\u001b[0m\"")]
    [InlineData("runs/a.b", "runs/a.b")]
    [InlineData("Adam W", "Adam W")]
    public void Text_stays_text(string value, string expected)
        => Assert.Equal($"x: {expected}\n", HyperParametersFile.ToYaml(new Dictionary<string, object?> { ["x"] = value }));

    [Fact]
    public void Keys_are_quoted_like_values()
        => Assert.Equal("'a: b': 1\n", HyperParametersFile.ToYaml(new Dictionary<string, object?> { ["a: b"] = 1 }));

    [Fact]
    public void Values_of_other_types_become_the_nearest_plain_thing()
    {
        var yaml = HyperParametersFile.ToYaml(new Dictionary<string, object?>
        {
            ["f"] = 0.1f,
            ["e"] = DayOfWeek.Friday,
            ["t"] = TimeSpan.FromSeconds(90),
            ["m"] = 1.5m,
        });

        Assert.Equal("f: 0.1\ne: Friday\nt: '00:01:30'\nm: 1.5\n", yaml);
    }

    [Fact]
    public void An_object_that_contains_itself_ends_instead_of_overflowing_the_stack()
    {
        var self = new Dictionary<string, object?>();
        self["self"] = self;

        Assert.Contains("...", HyperParametersFile.ToYaml(self), StringComparison.Ordinal);
        Assert.Single(HyperParametersFile.Flatten(self));
    }

    [Fact]
    public void Flattening_joins_names_with_a_slash()
    {
        var flat = HyperParametersFile.Flatten(new Dictionary<string, object?>
        {
            ["a"] = new Dictionary<string, object?> { ["b"] = 1, ["c"] = new[] { "x", "y" } },
            ["d"] = Array.Empty<int>(),
        });

        Assert.Equal(["a/b=1", "a/c/0=x", "a/c/1=y", "d=[]"], flat.Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Fact]
    public void Writing_again_replaces_the_file_in_one_step()
    {
        using var temp = new TempFolder();
        HyperParametersFile.Write(temp["h.yaml"], new Dictionary<string, object?> { ["a"] = "long text of the first version" });

        HyperParametersFile.Write(temp["h.yaml"], new Dictionary<string, object?> { ["a"] = 1 });

        Assert.Equal("a: 1\n", File.ReadAllText(temp["h.yaml"]));
        Assert.Single(Directory.GetFiles(temp.Root));
    }
}
