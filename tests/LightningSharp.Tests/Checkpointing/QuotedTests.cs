using LightningSharp.Checkpointing;

namespace LightningSharp.Tests.Checkpointing;

public class QuotedTests
{
    [Theory]
    [InlineData("plain é", "'plain é'")]
    [InlineData("\u001b[31m", "'\\u001b[31m'")]
    [InlineData("a\u202eb", "'a\\u202eb'")]
    [InlineData("\u2028", "'\\u2028'")]
    [InlineData("", "''")]
    public void What_could_reorder_or_colour_a_terminal_is_escaped(string text, string expected) => Assert.Equal(expected, Quoted.Text(text));

    [Fact]
    public void A_text_is_cut_after_200_characters_and_a_shape_after_12_sizes()
    {
        Assert.Equal($"'{new string('x', 200)}'", Quoted.Text(new string('x', 200)));
        Assert.Equal($"'{new string('x', 200)}…' (201 characters)", Quoted.Text(new string('x', 201)));
        Assert.Equal("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]", Quoted.Shape([.. Enumerable.Repeat(1L, 12)]));
        Assert.Equal("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, … 13 sizes]", Quoted.Shape([.. Enumerable.Repeat(1L, 13)]));
        Assert.Equal("[]", Quoted.Shape([]));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_escaped_too()
    {
        Assert.Equal("'\\ud800'", Quoted.Text("\ud800"));
    }
}
