using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class ResultSetTests
{
    private static readonly MetricEntry.Settings Settings = new(ProgressBar: false, OnStep: true, OnEpoch: true, Reduction.Mean, Logger: true);

    private static MetricEntry Added(ResultSet set, HookId hook, string name, int loader = 0)
    {
        var entry = new MetricEntry(name, string.Empty, hook, Settings, null);
        set.Add(hook, name, loader, entry);
        return entry;
    }

    [Fact]
    public void Entries_are_found_in_the_order_of_logging_and_in_any_other()
    {
        using var set = new ResultSet();
        var (a, b, c) = (Added(set, HookId.TrainingStep, "a"), Added(set, HookId.TrainingStep, "b"), Added(set, HookId.OnTrainBatchEnd, "a"));

        foreach (var (hook, name, expected) in ((HookId, string, MetricEntry)[])
            [
                (HookId.TrainingStep, "a", a), (HookId.TrainingStep, "b", b), (HookId.OnTrainBatchEnd, "a", c), (HookId.TrainingStep, "a", a),
                (HookId.OnTrainBatchEnd, "a", c), (HookId.TrainingStep, "b", b), (HookId.TrainingStep, "b", b), (HookId.TrainingStep, "a", a),
            ])
        {
            Assert.Same(expected, set.Find(hook, name, 0));
            Assert.Same(expected, set.Find(hook, new string(name.AsSpan()), 0)); // made up at run time
        }

        Assert.Null(set.Find(HookId.TrainingStep, "c", 0));
        Assert.Null(set.Find(HookId.ValidationStep, "a", 0));
    }

    [Fact]
    public void One_name_in_two_loaders_is_two_entries()
    {
        using var set = new ResultSet();
        var (first, second) = (Added(set, HookId.ValidationStep, "loss", 0), Added(set, HookId.ValidationStep, "loss", 1));

        Assert.Same(first, set.Find(HookId.ValidationStep, "loss", 0));
        Assert.Same(first, set.Find(HookId.ValidationStep, "loss", 0));
        Assert.Same(second, set.Find(HookId.ValidationStep, "loss", 1));
        Assert.Null(set.Find(HookId.ValidationStep, "loss", 2));
    }

    [Fact]
    public void After_clearing_nothing_is_found()
    {
        using var set = new ResultSet();
        Added(set, HookId.TrainingStep, "a");
        _ = set.Find(HookId.TrainingStep, "a", 0);

        set.Clear();

        Assert.Null(set.Find(HookId.TrainingStep, "a", 0));
    }
}
