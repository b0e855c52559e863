using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Logging;

/// <summary>Both ways of keeping a running value, in numbers on the host and in a tensor on a device, give the same.</summary>
public class AccumulatorTests
{
    public static TheoryData<bool, Reduction, double> Reductions => new()
    {
        { true, Reduction.Mean, 2.5 }, { true, Reduction.Sum, 7 }, { true, Reduction.Min, -1 }, { true, Reduction.Max, 5 },
        { false, Reduction.Mean, 2.5 }, { false, Reduction.Sum, 7 }, { false, Reduction.Min, -1 }, { false, Reduction.Max, 5 },
    };

    [Theory]
    [MemberData(nameof(Reductions))]
    public void Values_are_reduced_and_only_the_mean_is_weighted(bool onHost, Reduction reduction, double expected)
    {
        using var running = Create(onHost, reduction);

        running.Add(3, weight: 2);
        Add(running, -1, weight: 1);
        Add(running, 5, weight: 1);

        Assert.Equal(expected, running.Result());
        Assert.False(running.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Reductions))]
    public void After_a_reset_nothing_of_before_counts(bool onHost, Reduction reduction, double _)
    {
        using var running = Create(onHost, reduction);
        Add(running, reduction == Reduction.Min ? -9 : 9, weight: 3);

        running.Reset();
        var empty = running.IsEmpty;
        Add(running, 4, weight: 2);

        Assert.True(empty);
        Assert.Equal(4, running.Result());
    }

    [Theory]
    [MemberData(nameof(Reductions))]
    public void A_saved_value_goes_on_in_another_one(bool onHost, Reduction reduction, double expected)
    {
        using var first = Create(onHost, reduction);
        using var second = Create(onHost, reduction);
        Add(first, 3, weight: 2);
        Add(first, -1, weight: 1);
        Add(second, 100, weight: 100); // replaced

        var (value, weight) = first.Save();
        second.Load(value, weight);
        var empty = second.IsEmpty;
        Add(second, 5, weight: 1);

        Assert.False(empty);
        Assert.Equal(expected, second.Result());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Numbers_in_double_precision_keep_it(bool onHost)
    {
        using var running = Create(onHost, Reduction.Sum);
        using var value = tensor(1 + 1e-12, ScalarType.Float64);

        running.Add(value, weight: 1);

        Assert.Equal(1 + 1e-12, running.Result());
    }

    [Fact]
    public void Whole_numbers_are_reduced_on_a_device_too()
    {
        using var running = Create(onHost: false, Reduction.Mean);
        using var value = tensor(new long[] { 3 });

        running.Add(value, weight: 1);

        Assert.Equal(3, running.Result());
    }

    [Fact]
    public void Nothing_on_a_device_is_no_number_and_saved_as_zero()
    {
        using var running = Create(onHost: false, Reduction.Mean);

        Assert.Equal(double.NaN, running.Result());
        Assert.Equal((0, 0), running.Save());
    }

    [Fact]
    public void A_value_on_a_device_outlives_the_scope_of_its_batch_and_leaves_no_tensor_behind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var running = Create(onHost: false, Reduction.Max))
        {
            using (NewDisposeScope())
            {
                for (var i = 0; i < 5; i++) Add(running, i, weight: 1);
            }

            running.Load(3, 1);
            Add(running, 2, weight: 1);
            Assert.Equal(3, running.Result());
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_value_with_a_graph_is_taken_without_it()
    {
        using var scope = NewDisposeScope();
        using var running = Create(onHost: false, Reduction.Sum);
        var value = ones(1, requires_grad: true) * 2;

        running.Add(value, weight: 1);

        Assert.Equal(2, running.Result());
        Assert.True(is_grad_enabled());
    }

    private static Accumulator Create(bool onHost, Reduction reduction) => onHost ? new HostAccumulator(reduction) : new DeviceAccumulator(reduction);

    private static void Add(Accumulator running, float value, double weight)
    {
        using var number = tensor(value);
        running.Add(number, weight);
    }
}
