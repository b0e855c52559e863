using LightningSharp.Metrics.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests.Retrieval;

public class RetrievalAUROCTests
{
    [Fact]
    public void A_query_counts_the_share_of_pairs_in_the_right_order_and_queries_are_averaged()
    {
        using var scope = NewDisposeScope();
        using var metric = new RetrievalAUROC();
        metric.Update(tensor(new[] { 0.9f, 0.2f, 0.5f }), tensor(new long[] { 1, 0, 1 }), tensor(new long[] { 0, 0, 1 }));

        metric.Update(tensor(new[] { 0.8f, 0.3f, 0.7f }), tensor(new long[] { 0, 1, 0 }), tensor(new long[] { 0, 0, 1 }));

        Assert.Equal(((3.0 / 4) + 0) / 2, metric.Compute().to(float64).ToDouble(), 6); // query 1 has its one pair in the wrong order
    }

    [Fact]
    public void Only_the_best_places_count_and_equal_scores_count_half()
    {
        using var scope = NewDisposeScope();
        using var metric = new RetrievalAUROC(topK: 2);

        metric.Update(tensor(new[] { 0.9f, 0.9f, 0.1f }), tensor(new long[] { 1, 0, 1 }), zeros(3, int64));

        Assert.Equal(0.5, metric.Compute().to(float64).ToDouble(), 6);
    }

    [Fact]
    public void A_rate_outside_of_0_to_1_is_refused()
        => Assert.Contains("maxFpr", Assert.Throws<ArgumentOutOfRangeException>(() => new RetrievalAUROC(maxFpr: 1.5)).Message, StringComparison.Ordinal);
}
