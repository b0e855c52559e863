using LightningSharp.Dashboard.Runs;

namespace LightningSharp.Dashboard.Tests.Runs;

public sealed class RunFilterTests
{
    private static readonly KeyValuePair<string, string>[] Parameters = [new("optimizer/lr", "0.001"), new("batch_size", "64"), new("name", "Adam"), new("note", "")];

    [Theory]
    [InlineData("", true)]
    [InlineData("version", true)]
    [InlineData("VERSION_3", true)]
    [InlineData("version 4", false)]
    [InlineData("lr=1e-3", true)]
    [InlineData("lr<0.01", true)]
    [InlineData("lr<0.001", false)]
    [InlineData("lr<=0.001", true)]
    [InlineData("optimizer/lr>0", true)]
    [InlineData("r>0", false)]
    [InlineData("batch_size>=64 version", true)]
    [InlineData("batch_size>=64 lr>1", false)]
    [InlineData("name=adam", true)]
    [InlineData("name!=adam", false)]
    [InlineData("name!=sgd", true)]
    [InlineData("missing=1", false)]
    [InlineData("missing!=1", false)]
    [InlineData("lr<", true)]
    [InlineData("missing<", false)]
    [InlineData("=3", false)]
    public void A_run_is_shown_when_every_word_holds(string filter, bool shown)
        => Assert.Equal(shown, new RunFilter(filter).Holds("exp/version_3", Parameters));

    [Fact]
    public void Hyper_parameters_are_only_read_when_a_word_asks_for_them()
    {
        Assert.False(new RunFilter("a b c").NeedsHyperParameters);
        Assert.True(new RunFilter("a b=1").NeedsHyperParameters);
    }
}
