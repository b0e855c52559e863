using LightningSharp.Optimization;

namespace LightningSharp.Tests.Optimization;

public class CurvesTests
{
    [Fact]
    public void Piecewise_draws_straight_lines_and_stays_flat_outside()
        => Assert.Equal([5, 5, 5, 4, 3, 6, 6], Values(Curves.Piecewise((2, 5), (4, 3), (5, 6)), 7));

    [Fact]
    public void Points_in_the_wrong_order_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Curves.Piecewise((3, 1), (3, 2)));

        Assert.Contains("3 after 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Curves.Piecewise());
    }

    [Fact]
    public void Waves_come_back()
    {
        Schedule.AssertClose([1, 2, 3, 2, 1, 2], Values(Curves.Triangle(1, 3, 4), 6));
        Schedule.AssertClose([1, 2, 3, 2, 1, 2], Values(Curves.Cosine(1, 3, 4), 6));
    }

    [Fact]
    public void Curves_follow_each_other_and_are_warmed_up()
    {
        Assert.Equal([9, 9, 0, 1, 2], Values(Curves.Piecewise((0, 9)).Then(2, step => step), 5));
        Assert.Equal([0, 2, 4, 3, 2], Values(Curves.Piecewise((0, 4), (4, 0)).AfterWarmup(2), 5));
    }

    private static double[] Values(Func<long, double> curve, int count) => [.. Enumerable.Range(0, count).Select(step => curve(step))];
}
