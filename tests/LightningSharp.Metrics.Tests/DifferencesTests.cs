using LightningSharp.Metrics.Classification;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>Where we give another value than torchmetrics, on purpose: each such case is recorded, marked and on the metrics page.</summary>
public class DifferencesTests
{
    private static readonly string[] Files = ["classification", "regression", "retrieval_text", "image_groups", "detection"];

    [Fact]
    public void Every_recorded_case_with_another_value_is_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "metrics.md"));
        var differences = page[page.IndexOf("Where we differ", StringComparison.Ordinal)..page.IndexOf("## All metrics", StringComparison.Ordinal)];

        var marked = Files.SelectMany(Catalogue.Of).Where(recorded => recorded.Differs is not null).ToList();

        Assert.Equal(["MultilabelRankingLoss", "MultilabelStatScores"], marked.Select(recorded => recorded.Name).Order());
        Assert.All(marked, recorded => Assert.Contains($"`{recorded.Name}`", differences, StringComparison.Ordinal));
    }

    [Fact]
    public void A_batch_without_a_pair_to_rank_still_counts_its_samples()
    {
        using var scope = NewDisposeScope();
        using var loss = new MultilabelRankingLoss(numLabels: 2);
        loss.Update(tensor(new float[] { 0.1f, 0.9f }, [1, 2]), tensor(new long[] { 1, 0 }, [1, 2])); // its only pair is in the wrong order: loss 1

        loss.Update(tensor(new float[] { 0.1f, 0.9f }, [1, 2]), tensor(new long[] { 1, 1 }, [1, 2])); // no pair: loss 0

        Assert.Equal(0.5, loss.Compute().ToDouble(), 6);
    }

    [Fact]
    public void Samplewise_weights_come_from_each_sample_alone()
    {
        using var scope = NewDisposeScope();
        var preds = tensor(new long[] { 1, 0, 0, 1, 1, 1 }, [1, 2, 3]);
        var target = tensor(new long[] { 1, 1, 0, 1, 0, 0 }, [1, 2, 3]);
        using var alone = new MultilabelStatScores(numLabels: 2, average: Average.Weighted, multidimAverage: MultidimAverage.Samplewise);
        using var together = new MultilabelStatScores(numLabels: 2, average: Average.Weighted, multidimAverage: MultidimAverage.Samplewise);

        alone.Update(preds, target);
        together.Update(cat([preds, ones_like(preds)], 0), cat([target, ones_like(target)], 0));

        Same.Values(alone.Compute(), together.Compute().narrow(0, 0, 1));
    }
}
