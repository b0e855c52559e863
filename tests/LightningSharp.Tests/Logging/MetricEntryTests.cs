using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Logging;

public class MetricEntryTests
{
    [Theory]
    [InlineData(true, true, "", "loss_step", "loss_epoch")]
    [InlineData(true, false, "", "loss", "loss_epoch")]
    [InlineData(false, true, "", "loss_step", "loss")]
    [InlineData(true, true, "/b", "loss_step/b", "loss_epoch/b")]
    [InlineData(false, true, "/b", "loss_step/b", "loss/b")]
    public void Keys_say_step_and_epoch_only_when_there_are_both_and_end_in_the_loader(bool onStep, bool onEpoch, string suffix, string step, string epoch)
    {
        using var entry = Entry(onStep, onEpoch, suffix);

        Assert.Equal((step, epoch, "loss" + suffix), (entry.StepKey, entry.EpochKey, entry.Name));
        Assert.Equal(suffix.Length > 0, entry.HasSuffix);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_step_value_is_the_latest_and_the_epoch_value_the_running_one(bool onHost)
    {
        using var entry = Entry(onStep: true, onEpoch: true);
        var before = (entry.HasValue, entry.IsFresh);
        using var one = tensor(1f);
        using var four = tensor(4f);

        entry.Add(one, 1, onHost);
        entry.Add(four, 2, onHost);

        Assert.Equal((false, false), before);
        Assert.Equal((true, true), (entry.HasValue, entry.IsFresh));
        Assert.Equal((4, 3), (entry.Step.Read(), entry.Epoch.Read()));
    }

    [Fact]
    public void A_value_that_was_kept_on_a_device_is_there_after_the_entry_is_gone()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var entry = Entry(onStep: true, onEpoch: true);
        using (var value = tensor(4f)) entry.Add(value, 1, onHost: false);
        var step = entry.Step;

        entry.Dispose();

        Assert.Equal(4, step.Read());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Without_a_value_the_epoch_has_none_and_a_reset_takes_it_away()
    {
        using var entry = Entry(onStep: true, onEpoch: true);
        var none = entry.Epoch.Read();
        entry.Add(2, 1);

        entry.Reset(resetMetric: true);

        Assert.Equal(double.NaN, none);
        Assert.Equal((false, false), (entry.HasValue, entry.IsFresh));
        Assert.Null(entry.Save());
    }

    [Fact]
    public void What_is_saved_goes_on_in_another_entry()
    {
        using var first = Entry(onStep: false, onEpoch: true);
        using var second = Entry(onStep: false, onEpoch: true);
        first.Add(1, 3);

        var (value, weight) = first.Save()!.Value;
        second.Load(value, weight);
        second.Add(5, 1);

        Assert.True(second.HasValue);
        Assert.Equal(2, second.Epoch.Read());
    }

    [Fact]
    public void A_mark_keeps_the_value_of_that_moment()
    {
        using var entry = Entry(onStep: false, onEpoch: true);
        entry.Mark();
        var none = (entry.WasMarked, entry.Marked);
        entry.Add(1, 3);
        entry.Mark();
        entry.Add(5, 1);

        Assert.Equal((false, null), none);
        Assert.True(entry.WasMarked);
        Assert.Equal((3, 3), entry.Marked);
        Assert.Equal((8, 4), entry.Save());
    }

    [Fact]
    public void A_metric_object_is_computed_once_it_has_data_and_reset_only_when_asked()
    {
        var metric = new Counter();
        using var entry = new MetricEntry("count", "/a", HookId.ValidationStep, new(false, false, true, Reduction.Mean, true), metric);
        entry.Touch();
        var empty = entry.Epoch.Read();
        metric.Seen = 2;
        var two = entry.Epoch.Read();

        entry.Freeze();
        metric.Reset();
        metric.Seen = 7;
        var frozen = (entry.Epoch.Read(), entry.IsFrozen);
        entry.Reset(resetMetric: false);
        var kept = (entry.Epoch.Read(), entry.IsFrozen);
        entry.Reset(resetMetric: true);

        Assert.Equal((double.NaN, 2.0), (empty, two));
        Assert.Equal((2.0, true), frozen);
        Assert.Equal((7.0, false), kept);
        Assert.Equal(0, metric.Seen);
    }

    [Fact]
    public void A_metric_object_that_gives_several_numbers_is_refused_with_their_shape()
    {
        using var entry = new MetricEntry("each", "", HookId.ValidationStep, new(false, false, true, Reduction.Mean, true), new Counter { Seen = 1, Length = 3 });

        Assert.Contains("'each' computed a tensor of shape [3]: one number is expected", Assert.Throws<MisconfigurationException>(() => entry.Epoch.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_value_of_a_metric_object_is_that_of_its_batch()
    {
        var metric = new Counter { Seen = 1 };
        using var entry = new MetricEntry("count", "", HookId.TrainingStep, new(false, true, false, Reduction.Mean, true), metric);

        var error = Assert.Throws<MisconfigurationException>(entry.Touch);
        using var value = metric.BatchValue = tensor(0.5f);
        entry.Touch();

        Assert.Contains("keeps the value of each step, but the metric has none", error.Message, StringComparison.Ordinal);
        Assert.Equal(0.5, entry.Step.Read());
    }

    private static MetricEntry Entry(bool onStep, bool onEpoch, string suffix = "") => new("loss", suffix, HookId.TrainingStep, new(false, onStep, onEpoch, Reduction.Mean, true), null);

    private sealed class Counter : IMetric
    {
        public int Seen { get; set; }

        public int Length { get; init; } = 1;

        public Tensor? BatchValue { get; set; }

        public bool HasData => Seen > 0;

        public Tensor Compute() => full(Length, Seen);

        public void Reset() => Seen = 0;

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>();

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
        {
        }
    }
}
