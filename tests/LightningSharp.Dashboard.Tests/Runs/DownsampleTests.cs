using LightningSharp.Report.Runs;

namespace LightningSharp.Dashboard.Tests.Runs;

public class DownsampleTests
{
    [Fact]
    public void A_million_points_become_a_screenful_and_the_spike_and_the_gap_stay()
    {
        var series = new Series();
        for (var i = 0; i < 1_000_000; i++)
        {
            series.Add(i, i == 654_321 ? 50 : i == 123_456 ? double.NaN : Math.Sin(i / 1e5));
        }

        var (steps, values) = Downsample.Of(series, 1_000);

        Assert.InRange(steps.Count, 900, 1_010);
        Assert.Equal(50, values.Where(double.IsFinite).Max());
        Assert.Contains(123_456, steps);
        Assert.Equal(steps.Order(), steps);
    }

    [Fact]
    public void A_zoomed_view_gets_the_exact_points_and_a_neighbour_on_each_side()
    {
        var series = new Series();
        for (var i = 0; i < 1000; i++)
        {
            series.Add(i * 2, i);
        }

        var (steps, _) = Downsample.Of(series, 100, from: 100, to: 110);

        Assert.Equal([98L, 100, 102, 104, 106, 108, 110, 112], steps);
    }

    [Fact]
    public void Smoothing_starts_at_the_first_value_and_steps_over_what_is_not_finite()
    {
        var smooth = Downsample.Smooth([4, 4, double.NaN, 4, 8], 0.5);

        Assert.Equal(4, smooth[0], 1e-12); // a weighted mean of equal values: only rounding
        Assert.True(double.IsNaN(smooth[2]));
        Assert.Equal(4, smooth[3], 1e-12);
        Assert.InRange(smooth[4], 5.9, 6.3);
    }
}
