using LightningSharp.Metrics.Segmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests.Segmentation;

public class GeneralizedDiceScoreTests
{
    private static readonly long[] Truth = [0, 0, 0, 1]; // class 0 three pixels, class 1 one pixel
    private static readonly long[] Guess = [0, 0, 1, 1];

    [Theory]
    [InlineData(DiceWeight.Linear, 2.0 * (2 + 1) / (5 + 3))]
    [InlineData(DiceWeight.Simple, 2.0 * ((2 / 3.0) + 1) / ((5 / 3.0) + 3))]
    [InlineData(DiceWeight.Square, 2.0 * ((2 / 9.0) + 1) / ((5 / 9.0) + 3))]
    public void The_value_is_that_of_the_formula_by_hand(DiceWeight weight, double expected)
    {
        using var scope = NewDisposeScope();
        using var metric = new GeneralizedDiceScore(2, weightType: weight, inputFormat: InputFormat.Index);

        metric.Update(tensor(Guess, [1, 4]), tensor(Truth, [1, 4]));

        Assert.Equal(expected, metric.Compute().to(float64).ToDouble(), 6);
    }

    [Fact]
    public void Per_class_it_is_the_plain_score_of_each()
    {
        using var scope = NewDisposeScope();
        using var metric = new GeneralizedDiceScore(2, perClass: true, inputFormat: InputFormat.Index);

        metric.Update(tensor(Guess, [1, 4]), tensor(Truth, [1, 4]));

        Same.Values(tensor(new[] { 4 / 5f, 2 / 3f }), metric.Compute());
    }

    [Fact]
    public void A_class_that_a_sample_lacks_counts_as_much_as_its_smallest_and_other_samples_do_not_matter()
    {
        using var scope = NewDisposeScope();
        using var metric = new GeneralizedDiceScore(3, inputFormat: InputFormat.Index);
        using var together = new GeneralizedDiceScore(3, inputFormat: InputFormat.Index);
        metric.Update(tensor(Guess, [1, 4]), tensor(Truth, [1, 4]));
        metric.Update(full([1, 4], 2L), full([1, 4], 2L));

        together.Update(stack([tensor(Guess), full(4, 2L)]), stack([tensor(Truth), full(4, 2L)]));

        Same.Values(metric.Compute(), together.Compute());
        Assert.Equal((0.6875 + 1) / 2, metric.Compute().to(float64).ToDouble(), 6);
    }
}
