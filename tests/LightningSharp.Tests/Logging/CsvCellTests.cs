using System.Text;
using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public class CsvCellTests
{
    [Theory]
    [InlineData("", "|")]
    [InlineData("a", "a|")]
    [InlineData("a,b", "a|b|")]
    [InlineData(",", "||")]
    [InlineData("\"a,b\",c", "a,b|c|")]
    [InlineData("\"say \"\"hi\"\"\",c", "say \"hi\"|c|")]
    [InlineData("\"\"", "|")]
    [InlineData("\"a\"\"", "a\"|")] // torn behind a quote
    public void A_line_is_split_at_the_commas_outside_of_quotes(string line, string expected)
        => Assert.Equal(expected, string.Concat(CsvCell.Split(line).Select(cell => cell + "|")));

    [Theory]
    [InlineData("a")]
    [InlineData("=1")]
    [InlineData("'=1")]
    [InlineData("'a")]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("@")]
    [InlineData("'")]
    [InlineData("''-x")]
    public void A_name_comes_back_from_its_cell(string name) => Assert.Equal(name, CsvCell.NameOf(CsvCell.Split(CsvCell.HeaderOf(name))[0]));

    [Theory]
    [InlineData("nan", double.NaN)]
    [InlineData("NaN", double.NaN)]
    [InlineData("NAN", double.NaN)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+inf", double.PositiveInfinity)]
    [InlineData("Inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("-Inf", double.NegativeInfinity)]
    [InlineData("-1.5e3", -1500.0)]
    public void Numbers_are_read_in_any_usual_spelling(string text, double expected)
    {
        Assert.True(CsvCell.TryParse(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1,5")]
    public void What_is_no_number_is_not_read(string text)
    {
        Assert.False(CsvCell.TryParse(text, out var value));
        Assert.Equal(0, value);
    }

    [Fact]
    public void Numbers_are_appended_to_what_is_there()
    {
        var line = new StringBuilder("a");

        foreach (var value in new[] { 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon }) CsvCell.Append(line.Append(' '), value);

        Assert.Equal("a 1 nan inf -inf -0 5E-324", line.ToString());
    }
}
