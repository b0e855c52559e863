using LightningSharp.Metrics.Functional;
using LightningSharp.Metrics.Nominal;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests.Nominal;

public class FleissKappaTests
{
    /// <summary>The worked example of the article "Fleiss' kappa" of Wikipedia: 14 raters, 10 subjects, 5 categories; its value there is 0.210.</summary>
    private static readonly long[,] Printed =
    {
        { 0, 0, 0, 0, 14 }, { 0, 2, 6, 4, 2 }, { 0, 0, 3, 5, 6 }, { 0, 3, 9, 2, 0 }, { 2, 2, 8, 1, 1 },
        { 7, 7, 0, 0, 0 }, { 3, 2, 6, 3, 0 }, { 2, 5, 3, 2, 2 }, { 6, 5, 2, 1, 0 }, { 0, 2, 2, 3, 7 },
    };

    [Fact]
    public void The_printed_example_has_its_printed_value()
    {
        using var scope = NewDisposeScope();
        using var kappa = new FleissKappa();

        kappa.Update(tensor(Printed));

        Assert.Equal(0.210, kappa.Compute().ToDouble(), 3);
        Assert.Equal(4211 / 20059.0, kappa.Compute().ToDouble(), 6); // in fractions
    }

    [Fact]
    public void Two_subjects_by_hand()
    {
        using var scope = NewDisposeScope();

        var kappa = NominalFunctions.FleissKappa(tensor(new long[,] { { 3, 0 }, { 1, 2 } }));

        // agreement (1 + 1/3) / 2 = 2/3, by chance (2/3)² + (1/3)² = 5/9
        Assert.Equal(((2 / 3.0) - (5 / 9.0)) / (4 / 9.0), kappa.ToDouble(), 6);
    }

    [Fact]
    public void Of_probabilities_the_best_category_of_each_rater_counts()
    {
        using var scope = NewDisposeScope();
        var chosen = tensor(new long[,] { { 0, 0, 2 }, { 1, 1, 1 }, { 2, 0, 1 }, { 0, 0, 0 } }); // four subjects, three raters, more categories than raters
        var probabilities = nn.functional.one_hot(chosen, 5).to(float32).mul(0.6f).add(0.1f).permute(0, 2, 1);
        var counts = nn.functional.one_hot(chosen, 5).sum(1);

        var kappa = NominalFunctions.FleissKappa(probabilities, FleissMode.Probs);

        Same.Values(NominalFunctions.FleissKappa(counts), kappa, 0);
        Assert.Equal(((7 / 12.0) - (56 / 144.0)) / (1 - (56 / 144.0)), kappa.ToDouble(), 6); // agreement (1/3 + 1 + 0 + 1) / 4; shares 6, 4 and 2 of 12 ratings
    }

    [Theory]
    [InlineData(FleissMode.Counts)]
    [InlineData(FleissMode.Probs)]
    public void Batches_in_any_order_shards_and_clones_give_the_value_of_the_whole(FleissMode mode)
    {
        using var scope = NewDisposeScope();
        var all = mode == FleissMode.Counts ? tensor(Printed) : arange(10 * 4 * 6, float32).mul(7).sin().reshape(10, 4, 6);
        var (first, rest) = (all.narrow(0, 0, 3), all.narrow(0, 3, 7));
        using var whole = new FleissKappa(mode);
        using var backward = new FleissKappa(mode);
        using var shard = new FleissKappa(mode);
        using var other = new FleissKappa(mode);
        whole.Update(all);

        backward.Update(rest);
        backward.Update(first);
        shard.Update(first);
        var alone = other.Forward(rest);
        shard.Merge(other);
        using var clone = (FleissKappa)shard.Clone();

        foreach (var metric in (FleissKappa[])[backward, shard, clone]) Same.Values(whole.Compute(), metric.Compute(), 1e-6);
        Same.Values(NominalFunctions.FleissKappa(rest, mode), alone, 0);
        Assert.Equal(mode, clone.Mode);
        Assert.InRange(whole.Compute().ToDouble(), -1, 1);
    }

    [Fact]
    public void Full_agreement_is_one_and_one_category_alone_has_no_value()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(1, NominalFunctions.FleissKappa(tensor(new long[,] { { 3, 0 }, { 0, 3 } })).ToDouble(), 6);
        Assert.True(double.IsNaN(NominalFunctions.FleissKappa(tensor(new long[,] { { 3, 0 }, { 3, 0 } })).ToDouble()));
    }

    [Fact]
    public void Ratings_that_do_not_fit_are_refused_and_change_nothing()
    {
        using var scope = NewDisposeScope();
        using var counts = new FleissKappa();
        using var scores = new FleissKappa(FleissMode.Probs);
        counts.Update(tensor(Printed));
        var before = counts.Compute();

        Refused("[subjects, categories]", () => counts.Update(ones(3, int64)));
        Refused("whole-number", () => counts.Update(ones(3, 5)));
        Refused("categories", () => counts.Update(ones(3, 4, int64)));
        Refused("values in -1 … 3", () => counts.Update(tensor(new long[,] { { 3, -1, 0, 0, 0 } })));
        Refused("values in 3 … 4", () => counts.Update(tensor(new long[,] { { 3, 0, 0, 0, 0 }, { 3, 1, 0, 0, 0 } })));
        Refused("at least 2", () => counts.Update(tensor(new long[,] { { 1, 0, 0, 0, 0 } })));
        Refused("[subjects, categories, raters]", () => scores.Update(ones(3, 5)));
        Refused("floating", () => scores.Update(ones(3, 5, 2, int64)));
        Refused("at least 2 raters", () => scores.Update(ones(3, 5, 1)));
        Refused("1 NaN", () => scores.Update(tensor(new[] { 0.5f, float.NaN, 0.2f, 0.8f }).reshape(1, 2, 2)));

        Assert.Equal(1, counts.UpdateCount);
        Assert.Equal(0, scores.UpdateCount);
        Same.Values(before, counts.Compute(), 0);
    }

    [Fact]
    public void Subjects_of_another_update_that_more_rated_are_told_when_computing()
    {
        using var scope = NewDisposeScope();
        using var kappa = new FleissKappa();
        kappa.Update(tensor(new long[,] { { 3, 0 } }));

        kappa.Update(tensor(new long[,] { { 2, 2 } }));

        Refused("values in 3 … 4", () => kappa.Compute());
    }

    [Fact]
    public void Without_checks_nothing_is_read()
    {
        using var scope = NewDisposeScope();
        var before = InputCheck.DeviceReads;
        using var counts = new FleissKappa { ValidateArgs = false };
        using var scores = new FleissKappa(FleissMode.Probs) { ValidateArgs = false };

        counts.Update(tensor(Printed));
        scores.Update(rand(4, 3, 2));

        Assert.Equal(before, InputCheck.DeviceReads);
    }

    private static void Refused(string part, Action update)
    {
        var error = Assert.Throws<ArgumentException>(update);
        foreach (var words in (string[])["FleissKappa wants", "Received: ", part]) Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
