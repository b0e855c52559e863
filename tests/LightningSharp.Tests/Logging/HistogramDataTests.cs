using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Logging;

public class HistogramDataTests
{
    [Fact]
    public void Values_are_counted_in_buckets_of_equal_width()
    {
        var data = HistogramData.Of([0, 1, 2, 3, 4], buckets: 2);

        Assert.Equal((0, 4, 10, 30), (data.Min, data.Max, data.Sum, data.SumOfSquares));
        Assert.Equal([2.0, 4], data.Limits);
        Assert.Equal([2.0, 3], data.Counts); // a value on a limit counts above it, the largest in the last
        Assert.Equal((5, 0L), (data.Count, data.NonFinite));
    }

    [Fact]
    public void Limits_rise_from_the_smallest_value()
        => Assert.Equal([-0.5, 0, 0.5, 1], HistogramData.Of([-1, 1], buckets: 4).Limits);

    [Fact]
    public void What_is_not_finite_is_counted_apart()
    {
        var data = HistogramData.Of([float.NaN, 1, float.PositiveInfinity, 3, float.NegativeInfinity], buckets: 1);

        Assert.Equal((1, 3, 2, 3L), (data.Min, data.Max, data.Count, data.NonFinite));
    }

    [Fact]
    public void Values_that_are_all_alike_have_one_bucket()
    {
        var data = HistogramData.Of([2, 2, float.NaN], buckets: 30);

        Assert.Equal((2, 2, 4, 8, 1L), (data.Min, data.Max, data.Sum, data.SumOfSquares, data.NonFinite));
        Assert.Equal("2|2", $"{Assert.Single(data.Limits)}|{Assert.Single(data.Counts)}");
    }

    [Fact]
    public void Nothing_finite_is_an_empty_histogram()
    {
        var data = HistogramData.Of([float.NaN], buckets: 30);
        using var none = zeros(0);

        Assert.Equal((0, 0, 0, 1L), (data.Min, data.Max, data.Count, data.NonFinite));
        Assert.Equal((0, 0L), (HistogramData.Of(none).Count, HistogramData.Of(none).NonFinite));
        Assert.Throws<ArgumentOutOfRangeException>(() => HistogramData.Of([1], buckets: 0));
    }
}
