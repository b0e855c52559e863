using LightningSharp.Callbacks;
using LightningSharp.Terminal;
using Spectre.Console.Testing;

namespace LightningSharp.Tests.Terminal;

public sealed class EvaluationResultsTests
{
    [Fact]
    public void Several_loaders_are_columns()
    {
        var facts = EvaluationResults.Arrange(
            Stage.Validate, new Dictionary<string, double> { ["loss/clean"] = 1, ["acc/clean"] = 2, ["loss/noisy"] = 3 }, ["DataLoader 0", "DataLoader 1"]);

        Assert.Equal(["clean", "noisy"], facts.Loaders);
        Assert.Equal(["acc", "loss"], facts.Rows.Select(row => row.Metric));
        Assert.Equal([2, null], facts.Rows[0].Values);
        Assert.Equal([1, 3], facts.Rows[1].Values);
    }

    [Fact]
    public void With_one_loader_a_slash_belongs_to_the_name()
    {
        var facts = EvaluationResults.Arrange(Stage.Test, new Dictionary<string, double> { ["test/loss"] = 1 }, ["DataLoader 0"]);

        Assert.Equal("test/loss", Assert.Single(facts.Rows).Metric);
        Assert.Equal(["DataLoader 0"], facts.Loaders);
    }

    [Fact]
    public void Loaders_that_do_not_fit_side_by_side_get_a_table_of_their_own()
    {
        var loaders = Enumerable.Range(0, 6).Select(index => $"DataLoader {index}").ToArray();
        var facts = new EvaluationFacts(Stage.Test, loaders, [("loss", [.. Enumerable.Range(0, 6).Select(value => (double?)value)])]);
        using var console = new TestConsole().Width(60);

        console.Write(EvaluationView.ToRenderable(facts, Glyphs.Unicode, 59));

        var lines = console.Output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Count(line => line.Contains("Test metric", StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= 59, line));
        Assert.All(loaders, loader => Assert.Contains(lines, line => line.Contains(loader, StringComparison.Ordinal)));
    }
}
