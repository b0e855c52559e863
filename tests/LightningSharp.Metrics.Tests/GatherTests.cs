using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>Several processes that measure together: here several objects, each with a share of the data, that hand each other their states.</summary>
public class GatherTests
{
    [Fact]
    public void Every_process_computes_the_value_of_all_data_and_goes_on_with_its_own()
    {
        using var scope = NewDisposeScope();
        var ranks = Enumerable.Range(0, 3).Select(_ => new BinaryAUROC()).ToArray();
        using var whole = new BinaryAUROC();
        foreach (var rank in ranks) rank.GatherStates = _ => [.. ranks.Select(other => other.StateDict())];
        foreach (var rank in ranks)
        {
            var (p, t) = (rand(10), randint(2, [10], int64));
            rank.Update(p, t);
            whole.Update(p, t);
        }

        var first = ranks[0].Compute();
        var second = ranks[1].Compute();

        Same.Values(whole.Compute(), first);
        Same.Values(first, second, 0);
        Assert.Equal(10, ranks[0].States[0].Cat().size(0)); // what it saw itself: the next Compute counts nothing twice
        foreach (var rank in ranks) rank.Dispose();
    }

    [Fact]
    public void Results_by_name_are_those_of_all_data_too()
    {
        using var scope = NewDisposeScope();
        using ROUGEScore mine = new(), theirs = new(), whole = new();
        mine.Update(["a b c"], [["a b d"]]);
        theirs.Update(["x y"], [["x z"]]);
        whole.Merge(mine);
        whole.Merge(theirs);

        mine.GatherStates = own => [own, theirs.StateDict()];

        Same.Values(whole.ComputeNamed()["rouge1_recall"], mine.ComputeNamed()["rouge1_recall"]);
    }

    [Fact]
    public void A_process_without_data_has_the_value_of_the_others()
    {
        using var scope = NewDisposeScope();
        using BinaryAccuracy idle = new(), busy = new();
        busy.Update(tensor(new[] { 0.9f, 0.9f }), tensor(new long[] { 1, 0 }));

        idle.GatherStates = own => [own, busy.StateDict()];

        Assert.True(((Logging.IMetric)idle).HasData);
        Assert.Equal(0.5, idle.Compute().ToDouble());
    }

    [Fact]
    public void Values_of_a_batch_stay_those_of_this_process()
    {
        using var scope = NewDisposeScope();
        using BinaryAccuracy mine = new(), theirs = new();
        theirs.Update(tensor(new[] { 0.9f }), tensor(new long[] { 0 }));
        mine.GatherStates = own => [own, theirs.StateDict()];

        var batch = mine.Forward(tensor(new[] { 0.9f }), tensor(new long[] { 1 }));

        Assert.Equal((1.0, 0.5), (batch.ToDouble(), mine.Compute().ToDouble()));
    }

    [Fact]
    public void A_composed_metric_gathers_through_its_parts()
    {
        using var scope = NewDisposeScope();
        using BinaryAccuracy mine = new(), theirs = new();
        mine.Update(tensor(new[] { 0.9f }), tensor(new long[] { 1 }));
        theirs.Update(tensor(new[] { 0.9f }), tensor(new long[] { 0 }));
        mine.GatherStates = own => [own, theirs.StateDict()];
        using var error = 1 - mine;

        Assert.Equal(0.5, error.Compute().ToDouble());
    }

    [Fact]
    public void Gathering_leaves_nothing_behind()
    {
        using BinaryAccuracy mine = new(), theirs = new();
        mine.GatherStates = own => [own, theirs.StateDict()];
        Run();
        var before = Leaks.Settled();

        for (var i = 0; i < 20; i++) Run();

        Assert.Equal(before, Leaks.Settled());

        void Run()
        {
            using var scope = NewDisposeScope();
            mine.Update(tensor(new[] { 0.9f }), tensor(new long[] { 1 }));
            mine.Compute();
        }
    }
}
