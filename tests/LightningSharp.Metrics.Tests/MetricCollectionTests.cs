using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Regression;
using LightningSharp.Metrics.Wrappers;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

public class MetricCollectionTests
{
    [Fact]
    public void Metrics_of_the_same_statistics_share_them_and_give_their_own_values()
    {
        using var metrics = new MetricCollection(new MulticlassAccuracy(3), new MulticlassRecall(3, average: Average.Weighted), new MulticlassConfusionMatrix(3), new MulticlassF1Score(3, average: Average.Micro));
        using var alone = new MulticlassAccuracy(3);

        foreach (var (p, t) in Batches())
        {
            var values = metrics.Forward(p, t);
            Same.Values(alone.Forward(p, t), values["MulticlassAccuracy"]);
        }

        Assert.Equal(3, metrics.ComputeGroups.Count); // a micro average keeps sums over classes only, which cost less
        Assert.True(metrics["MulticlassRecall"].SharesStatesWith(metrics["MulticlassAccuracy"]));
        Same.Values(alone.Compute(), metrics.Compute()["MulticlassAccuracy"]);
    }

    [Fact]
    public void Resetting_one_metric_alone_leaves_the_others_their_data()
    {
        using var metrics = new MetricCollection(new MulticlassAccuracy(3), new MulticlassPrecision(3));
        var (p, t) = Batches()[0];
        metrics.Update(p, t);
        var precision = metrics["MulticlassPrecision"].Compute();

        metrics["MulticlassAccuracy"].Reset();

        Same.Values(precision, metrics["MulticlassPrecision"].Compute());
        metrics.Update(p, t);
        Assert.Equal(1, metrics["MulticlassAccuracy"].UpdateCount);
        Assert.Equal(2, metrics["MulticlassPrecision"].UpdateCount);
        metrics.Reset();
        metrics.Update(p, t);
        Same.Values(precision, metrics["MulticlassPrecision"].Compute());
    }

    [Fact]
    public void Clone_takes_a_prefix_and_the_data()
    {
        using var metrics = new MetricCollection(new MeanSquaredError(), new MeanAbsoluteError());
        metrics.Update(ones(3), zeros(3));

        using var clone = metrics.Clone(prefix: "val_");
        metrics.Reset();

        Assert.Equal(["val_MeanSquaredError", "val_MeanAbsoluteError"], clone.Keys);
        Assert.Equal(1, clone.Compute()["val_MeanSquaredError"].ToSingle());
    }

    [Fact]
    public void Merge_of_two_collections_is_the_whole()
    {
        using var left = new MetricCollection(new MulticlassAccuracy(3), new MulticlassPrecision(3));
        using var right = new MetricCollection(new MulticlassAccuracy(3), new MulticlassPrecision(3));
        using var whole = new MetricCollection(new MulticlassAccuracy(3), new MulticlassPrecision(3));
        var batches = Batches();
        foreach (var (p, t) in batches) whole.Update(p, t);
        left.Update(batches[0].P, batches[0].T);
        right.Update(batches[1].P, batches[1].T);

        left.Merge(right);

        Same.Values(whole.Compute()["MulticlassPrecision"], left.Compute()["MulticlassPrecision"]);
    }

    [Fact]
    public void Disposing_a_collection_with_groups_leaves_nothing_behind()
    {
        void Run()
        {
            using var scope = NewDisposeScope();
            using var metrics = new MetricCollection(new MulticlassAccuracy(3), new MulticlassPrecision(3));
            foreach (var (p, t) in Batches()) metrics.Update(p, t);
            metrics.Compute();
        }

        Run();
        var before = Leaks.Settled();
        Run();

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Wrappers_pass_the_data_on()
    {
        using var minMax = new MinMaxMetric<(Tensor Preds, Tensor Target)>(new MeanSquaredError());
        using var classwise = new ClasswiseWrapper<(Tensor Preds, Tensor Target)>(new MulticlassAccuracy(2, average: Average.None), ["cat", "dog"]);
        using var columns = new MultioutputWrapper(() => new MeanSquaredError(), numOutputs: 2);
        using var running = new Running<(Tensor Preds, Tensor Target)>(new MeanAbsoluteError(), window: 2);
        using var tracker = new MetricTracker<(Tensor Preds, Tensor Target)>(new MeanSquaredError());
        using var boot = new BootStrapper(() => new MeanSquaredError(), numBootstraps: 4);

        foreach (var offset in (double[])[3, 1, 2])
        {
            minMax.Reset();
            minMax.Update((full(4, offset), zeros(4)));
            minMax.ComputeNamed();
            running.Update((full(4, offset), zeros(4)));
            tracker.Increment();
            tracker.Update((full(4, offset), zeros(4)));
            boot.Update(full(4, offset), zeros(4));
        }

        classwise.Update((tensor(new long[] { 0, 1, 1 }), tensor(new long[] { 0, 1, 0 })));
        columns.Update(tensor(new[,] { { 1f, float.NaN }, { 1f, 2f } }), zeros(2, 2));

        Assert.Equal((1, 9), (minMax.Min, minMax.Max));
        Assert.Equal(1.5f, running.Compute().ToSingle());
        Assert.Equal((1.0, 1), tracker.Best());
        Assert.Equal(0.5f, classwise.ComputeNamed()["multiclassaccuracy_cat"].ToSingle());
        Assert.Equal([1f, 4f], columns.Compute().data<float>().ToArray());
        Assert.InRange(boot.ComputeNamed()["mean"].ToSingle(), 1, 9);
    }

    [Fact]
    public void A_wrappers_forward_gives_the_batch_and_keeps_the_whole()
    {
        using var running = new Running<(Tensor Preds, Tensor Target)>(new MeanAbsoluteError(), window: 2);
        using var columns = new MultioutputWrapper(() => new MeanSquaredError(), numOutputs: 1);

        var values = new List<float>();
        foreach (var offset in (double[])[3, 1, 2])
        {
            values.Add(running.Forward((full(4, offset), zeros(4))).ToSingle());
            columns.Forward(full([2, 1], offset), zeros(2, 1));
        }

        Assert.Equal([3f, 1f, 2f], values);
        Assert.Equal(1.5f, running.Compute().ToSingle());
        Assert.Equal(14f / 3, columns.Compute()[0].ToSingle(), 5);
    }

    private static (Tensor P, Tensor T)[] Batches() =>
    [
        (tensor(new long[] { 0, 1, 2, 1 }), tensor(new long[] { 0, 1, 1, 2 })),
        (tensor(new long[] { 2, 2, 0 }), tensor(new long[] { 2, 0, 0 })),
    ];
}
