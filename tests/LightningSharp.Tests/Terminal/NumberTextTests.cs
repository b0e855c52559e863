using LightningSharp.Callbacks;
using LightningSharp.Terminal;

namespace LightningSharp.Tests.Terminal;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.61842, "0.6184")]
    [InlineData(-0.61842, "-0.6184")]
    [InlineData(0, "0.0000")]
    [InlineData(12.34567, "12.346")]
    [InlineData(123.4567, "123.46")]
    [InlineData(1234.567, "1234.6")]
    [InlineData(1234567.0, "1.23e+06")]
    [InlineData(0.0000123, "1.23e-05")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void A_metric_has_four_significant_digits_and_a_steady_width(double value, string expected) => Assert.Equal(expected, NumberText.Metric(value));

    [Theory]
    [InlineData(640, "640")]
    [InlineData(73_856, "73,856")]
    [InlineData(99_999, "99,999")]
    [InlineData(137_226, "137 K")]
    [InlineData(2_000_000, "2.0 M")]
    [InlineData(25_600_000, "25.6 M")]
    [InlineData(1_500_000_000, "1.5 B")]
    public void Parameters_are_exact_below_a_hundred_thousand(long count, string expected) => Assert.Equal(expected, NumberText.Parameters(count));

    [Theory]
    [InlineData(999, "999")]
    [InlineData(1_200, "1.2 K")]
    [InlineData(132_000, "132 K")]
    [InlineData(999_600, "1.0 M")]
    [InlineData(59.2e9, "59.2 G")]
    public void Short_numbers_have_one_decimal_below_a_hundred_of_their_unit(double count, string expected) => Assert.Equal(expected, NumberText.Short(count));

    [Theory]
    [InlineData(0.4, "00:00", "0.4 s")]
    [InlineData(38.2, "00:38", "38 s")]
    [InlineData(125, "02:05", "2 min 05 s")]
    [InlineData(3723, "1:02:03", "1 h 02 min")]
    [InlineData(183845, "2d 03:04:05", "2 d 3 h")]
    public void Times_have_a_clock_and_words(double seconds, string clock, string words)
    {
        var time = TimeSpan.FromSeconds(seconds);

        Assert.Equal(clock, NumberText.Clock(time));
        Assert.Equal(words, NumberText.Duration(time));
    }

    [Theory]
    [InlineData(3.789, "3.79 it/s")]
    [InlineData(1234.5, "1,234 it/s")]
    [InlineData(0.658, "1.52 s/it")]
    [InlineData(0, "? it/s")]
    [InlineData(double.PositiveInfinity, "? it/s")]
    public void A_slow_pace_is_told_in_seconds_per_batch(double perSecond, string expected) => Assert.Equal(expected, NumberText.Rate(perSecond));
}
