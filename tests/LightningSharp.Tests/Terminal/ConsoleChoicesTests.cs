using LightningSharp.Callbacks;
using LightningSharp.Terminal;

namespace LightningSharp.Tests.Terminal;

public sealed class ConsoleChoicesTests
{
    [Fact]
    public void By_default_there_are_a_banner_a_summary_and_a_bar()
    {
        Assert.Equal([typeof(Banner), typeof(ModelSummary), typeof(ProgressBar)], Types(new()));
    }

    [Fact]
    public void The_users_own_take_the_place_of_the_defaults()
    {
        var options = new TrainerOptions { Callbacks = [new ProgressBar(refreshesPerSecond: 1), new ModelSummary(maxDepth: -1)] };

        Assert.Equal([typeof(Banner)], Types(options));
    }

    [Fact]
    public void Switches_take_them_away()
    {
        Assert.Equal([typeof(Banner)], Types(new() { EnableProgressBar = false, EnableModelSummary = false }));
        Assert.Empty(Types(new() { Barebones = true, EnableProgressBar = false, EnableModelSummary = false }));
    }

    [Fact]
    public void Contradictions_are_reported_together()
    {
        var options = new TrainerOptions
        {
            MaxEpochs = 1, EnableProgressBar = false, EnableModelSummary = false, Callbacks = [new ProgressBar(), new ProgressBar(), new ModelSummary()],
        };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options));

        Assert.Contains("3 problems", error.Message, StringComparison.Ordinal);
        Assert.Contains("Callbacks holds 2 ProgressBars: expected one at most.", error.Message, StringComparison.Ordinal);
        Assert.Contains("EnableProgressBar = false, but Callbacks holds a ProgressBar", error.Message, StringComparison.Ordinal);
        Assert.Contains("EnableModelSummary = false, but Callbacks holds a ModelSummary", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fastest_mode_refuses_a_bar()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(new() { Barebones = true, Callbacks = [new ProgressBar()] }));

        Assert.Contains("Barebones = true, but Callbacks holds a ProgressBar", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    public void A_bar_refuses_impossible_refresh_rates(int rate)
        => Assert.Contains($"refreshesPerSecond = {rate}", Assert.Throws<ArgumentOutOfRangeException>(() => new ProgressBar(rate)).Message, StringComparison.Ordinal);

    private static IEnumerable<Type> Types(TrainerOptions options) => ConsoleChoices.Defaults(options).Select(callback => callback.GetType());
}
