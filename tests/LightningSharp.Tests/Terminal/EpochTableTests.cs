using LightningSharp.Callbacks;
using LightningSharp.Terminal;

namespace LightningSharp.Tests.Terminal;

public sealed class EpochTableTests
{
    [Fact]
    public void An_epoch_is_a_row_below_a_heading()
    {
        var table = new EpochTable(Glyphs.Unicode);

        var first = table.Row(Facts(0, ("train_loss", 0.6184), ("val_loss", 0.2064), ("val_acc", 0.94)), 79);
        var second = table.Row(Facts(1, ("train_loss", 0.1467), ("val_loss", 0.0897), ("val_acc", 0.9726)) with { IsBest = true }, 79);

        Assert.Equal(
            [
                " epoch │ train_loss │ val_loss │  val_acc │ samples/s │    time",
                "───────┼────────────┼──────────┼──────────┼───────────┼─────────",
                "     0 │     0.6184 │   0.2064 │   0.9400 │     8,210 │   00:07",
            ],
            Text(first));
        Assert.Equal(["     1 │     0.1467 │   0.0897 │   0.9726 │     8,210 │   00:07  ★"], Text(second));
    }

    [Fact]
    public void A_log_file_gets_the_same_rows_in_ascii()
    {
        var rows = new EpochTable(Glyphs.Ascii).Row(Facts(3, ("loss", 1.5)) with { LearningRate = 0.001, IsBest = true }, 120);

        Assert.Equal(
            [
                " epoch |     loss |       lr | samples/s |    time",
                "-------+----------+----------+-----------+---------",
                "     3 |   1.5000 | 1.00e-03 |     8,210 |   00:07  *",
            ],
            Text(rows));
    }

    [Fact]
    public void A_new_metric_brings_a_new_heading_and_a_missing_one_leaves_a_gap()
    {
        var table = new EpochTable(Glyphs.Ascii);

        table.Row(Facts(0, ("loss", 1)), 80);
        var second = table.Row(Facts(1, ("loss", 1), ("val_loss", 2)), 80);
        var third = table.Row(Facts(2, ("loss", 1)), 80);

        Assert.Equal(3, second.Count);
        Assert.Equal(" epoch |     loss | val_loss | samples/s |    time", second[0].ToString());
        Assert.Equal(["     2 |   1.0000 |          |     8,210 |   00:07"], Text(third));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(79)]
    [InlineData(199)]
    public void Metrics_that_do_not_fit_stand_below_their_row_and_no_line_is_wider_than_the_terminal(int width)
    {
        var metrics = Enumerable.Range(0, 40).Select(index => ($"metric_{index}", index / 10.0)).ToArray();

        var lines = Text(new EpochTable(Glyphs.Unicode).Row(Facts(0, metrics) with { IsBest = true }, width));

        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Equal(lines[0].Count(sign => sign == '│'), lines[2].Count(sign => sign == '│'));
        Assert.All(metrics, metric => Assert.Contains(lines, line => line.Contains(metric.Item1, StringComparison.Ordinal)));
    }

    [Fact]
    public void Long_and_hostile_names_are_cut_and_escaped()
    {
        var lines = Text(new EpochTable(Glyphs.Ascii).Row(Facts(0, ("evil\e[2Jname", 1), (new string('x', 60), 2)), 100));

        Assert.DoesNotContain(lines, line => line.Contains('\e', StringComparison.Ordinal));
        Assert.Contains("evil\\u001b[2Jname", lines[0], StringComparison.Ordinal);
        Assert.Contains(new string('x', 21) + "...", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_no_numbers_are_shown_as_such()
    {
        var lines = Text(new EpochTable(Glyphs.Ascii).Row(Facts(0, ("a", double.NaN), ("b", double.NegativeInfinity)), 80));

        Assert.Equal("     0 |      NaN |     -inf |     8,210 |   00:07", lines[2]);
    }

    private static EpochFacts Facts(int epoch, params (string Name, double Value)[] metrics)
        => new(epoch, [.. metrics.Select(metric => KeyValuePair.Create(metric.Name, metric.Value))], null, 8210, TimeSpan.FromSeconds(7), false);

    private static IReadOnlyList<string> Text(IReadOnlyList<TextLine> lines) => [.. lines.Select(line => line.ToString())];
}
