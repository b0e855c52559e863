using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>What must hold for every metric, on every recorded case.</summary>
public abstract class CatalogueTests
{
    protected static void Check_value_equals_recorded(string file, int index)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        using var metric = Catalogue.Create(recorded);

        foreach (var batch in recorded.Batches) Catalogue.Update(metric, batch);

        if (recorded.Differs is null) Same.Recorded(recorded.Expected, metric, recorded.Tolerance);
        else Assert.ThrowsAny<Exception>(() => Same.Recorded(recorded.Expected, metric, recorded.Tolerance)); // a documented difference: when it is gone, the mark must go
    }

    /// <summary>NaN in predictions gives a result or an error that names the metric, never a crash, and Reset makes the metric as good as new.</summary>
    protected static void Check_NaN_is_survived(string file, int index)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        using var metric = Catalogue.Create(recorded);
        try
        {
            Catalogue.UpdateWithNaN(metric, recorded.Batches[0]);
            metric.Compute();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            Assert.Contains(metric.GetName(), e.Message, StringComparison.Ordinal);
        }

        metric.Reset();
        foreach (var batch in recorded.Batches) Catalogue.Update(metric, batch);

        using var whole = Updated(recorded, recorded.Batches);
        Same.Values(whole.Compute(), metric.Compute(), 0);
    }

    protected static void Check_order_of_batches_does_not_matter(string file, int index)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        if (!recorded.OrderFree) return;
        using var forward = Updated(recorded, recorded.Batches);
        using var backward = Updated(recorded, [.. recorded.Batches.Reverse()]);

        Same.Values(forward.Compute(), backward.Compute(), recorded.Tolerance);
    }

    protected static void Check_shards_merge_to_the_whole(string file, int index)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        using var whole = Updated(recorded, recorded.Batches);
        using var first = Updated(recorded, recorded.Batches[..1]);
        using var rest = Updated(recorded, recorded.Batches[1..]);
        using var empty = Catalogue.Create(recorded);

        first.Merge(rest);
        first.Merge(empty);

        Same.Values(whole.Compute(), first.Compute(), recorded.Tolerance);
        Assert.Equal(whole.UpdateCount, first.UpdateCount);
    }

    protected static void Check_forward_gives_the_batch_and_keeps_the_whole(string file, int index)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        using var whole = Updated(recorded, recorded.Batches);
        using var metric = Catalogue.Create(recorded);
        using var single = Catalogue.Create(recorded);

        foreach (var batch in recorded.Batches)
        {
            var value = Catalogue.Forward(metric, batch);

            Same.Values(Catalogue.Evaluate(single, batch), value, recorded.Tolerance);
            Same.Values(value, metric.BatchValue!, 0);
        }

        Same.Values(whole.Compute(), metric.Compute(), recorded.Tolerance);
        Assert.Equal(0, single.UpdateCount);
    }

    protected static void Check_clone_and_saved_state_continue(string file, int index)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        using var whole = Updated(recorded, recorded.Batches);
        using var begun = Updated(recorded, recorded.Batches[..1]);
        using var clone = begun.Clone();
        using var restored = Catalogue.Create(recorded);
        restored.LoadStateDict(begun.StateDict());
        begun.Reset();

        foreach (var batch in recorded.Batches[1..])
        {
            Catalogue.Update(clone, batch);
            Catalogue.Update(restored, batch);
        }

        Same.Values(whole.Compute(), clone.Compute(), recorded.Tolerance);
        Same.Values(whole.Compute(), restored.Compute(), recorded.Tolerance);
        Assert.Equal(0, begun.UpdateCount);
        foreach (var batch in recorded.Batches) Catalogue.Update(begun, batch);
        Same.Values(whole.Compute(), begun.Compute(), recorded.Tolerance);
    }

    protected static void Check_nothing_is_left_behind(string file, int index)
    {
        var recorded = Catalogue.Of(file)[index];
        Run(); // one-time tensors of TorchSharp and of constants
        var before = Leaks.Settled();

        Run();

        Assert.Equal(before, Tensor.TotalCount);

        void Run()
        {
            using var scope = NewDisposeScope();
            using var metric = Updated(recorded, recorded.Batches);
            Catalogue.Forward(metric, recorded.Batches[0]);
            metric.Compute();
            metric.Reset();
            Catalogue.Update(metric, recorded.Batches[0]);
        }
    }

    /// <summary>Says which case failed: the row alone is a number.</summary>
    protected static void Named(string label, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{label}: {e.Message}", e);
        }
    }

    private static Metric Updated(RecordedCase recorded, JsonElement[] batches)
    {
        var metric = Catalogue.Create(recorded);
        foreach (var batch in batches) Catalogue.Update(metric, batch);
        return metric;
    }
}
