using System.Globalization;

namespace LightningSharp.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("10ep", DurationUnit.Epochs, 10)]
    [InlineData("500ba", DurationUnit.Batches, 500)]
    [InlineData(" 500st ", DurationUnit.Steps, 500)]
    [InlineData("1e6sp", DurationUnit.Samples, 1_000_000)]
    [InlineData("0.25epdur", DurationUnit.EpochFraction, 0.25)]
    [InlineData("0.1dur", DurationUnit.RunFraction, 0.1)]
    [InlineData("3600sec", DurationUnit.Time, 3600)]
    public void A_text_is_read_and_written(string text, DurationUnit unit, double amount)
    {
        var duration = Duration.Parse(text, CultureInfo.InvariantCulture);

        Assert.Equal((unit, amount), (duration.Unit, duration.Amount));
        Assert.Equal(duration, Duration.Parse(duration.ToString(), CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("ep")]
    [InlineData("1.5ep")]
    [InlineData("-1ba")]
    [InlineData("1.5dur")]
    [InlineData("nansec")]
    public void A_text_that_is_no_duration_is_refused_with_the_forms(string text)
    {
        var error = Assert.Throws<FormatException>(() => Duration.Parse(text, CultureInfo.InvariantCulture));

        Assert.Contains($"'{text}' is no duration", error.Message, StringComparison.Ordinal);
        Assert.Contains("10ep", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Durations_of_one_unit_compute_and_compare()
    {
        Assert.Equal(12.Epochs(), 10.Epochs() + 2.Epochs());
        Assert.Equal(8.Epochs(), 10.Epochs() - 2.Epochs());
        Assert.Equal(30.Steps(), 100.Steps() * 0.3);
        Assert.True(10.Samples() < 11.Samples() && 11.Samples() >= 11.Samples());
    }

    [Fact]
    public void Durations_of_two_units_do_not()
    {
        var error = Assert.Throws<InvalidOperationException>(() => 10.Epochs() + 2.Batches());

        Assert.Contains("10ep and 2ba cannot be added", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Negative_durations_and_fractions_above_one_are_refused()
    {
        Assert.Contains("-1 epochs", Assert.Throws<ArgumentOutOfRangeException>(() => Duration.Epochs(-1)).Message, StringComparison.Ordinal);
        Assert.Contains("1.5 of the run", Assert.Throws<ArgumentOutOfRangeException>(() => Duration.RunFraction(1.5)).Message, StringComparison.Ordinal);
    }
}
