using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LightningSharp.Hosting.Tests;

public class TrainerConfigurationTests
{
    [Fact]
    public void Every_setting_that_a_text_can_hold_is_read()
    {
        var options = Apply(
            ("MaxEpochs", "7"), ("maxtime", "1.12:00:00"), ("LimitTrainBatches", "0.25"), ("LimitValBatches", "3"), ("ValCheckInterval", "00:10:00"), ("GradientClipVal", "0.5"),
            ("Accelerator", "cpu"), ("Seed", "11"), ("Precision", "64-true"), ("FastDevRun", "true"), ("CheckValEveryNEpoch", "null"), ("OnNonFinite", "Stop"), ("DefaultRootDir", "/runs"));

        Assert.Equal((7, TimeSpan.FromHours(36), 0.5, 11L), (options.MaxEpochs!.Value, options.MaxTime!.Value, options.GradientClipVal!.Value, options.Seed!.Value));
        Assert.Equal((Limit.Fraction(0.25), Limit.Batches(3), Every.Time(TimeSpan.FromMinutes(10))), (options.LimitTrainBatches, options.LimitValBatches, options.ValCheckInterval));
        Assert.Equal((Accelerator.Cpu, Precision.Float64, NonFiniteAction.Stop, "/runs"), (options.Accelerator, options.Precision, options.OnNonFinite, options.DefaultRootDir));
        Assert.True(options.FastDevRun.IsOn);
        Assert.Null(options.CheckValEveryNEpoch);
    }

    [Theory]
    [InlineData("10 epochs", DurationUnit.Epochs, 10)]
    [InlineData("5000 Steps", DurationUnit.Steps, 5000)]
    [InlineData("00:01:30", DurationUnit.Time, 90)]
    public void A_duration_is_a_number_with_its_unit_or_a_time(string text, DurationUnit unit, double amount)
    {
        var duration = Apply(("MaxDuration", text)).MaxDuration!.Value;

        Assert.Equal((unit, amount), (duration.Unit, duration.Amount));
    }

    [Fact]
    public void What_the_configuration_does_not_name_stays_as_it_was()
    {
        var before = new TrainerOptions { MaxEpochs = 2, GradientClipVal = 1 };

        var after = TrainerConfiguration.Apply(before, Section(("Seed", "3")));

        Assert.Equal(before with { Seed = 3 }, after);
    }

    [Fact]
    public void Every_option_of_the_Trainer_is_in_the_table_or_cannot_be_a_text()
    {
        string[] objects = ["Callbacks", "Loggers", "CheckpointIO", "Profiler", "LoggerFactory", "SilencedMessages"];
        var options = typeof(TrainerOptions).GetProperties().Select(property => property.Name).Except(objects).Where(name => name != "EqualityContract");

        var unknown = options.Where(name => Problem((name, "x")).Contains("not a setting", StringComparison.Ordinal)).ToList();

        Assert.Equal([], unknown);
    }

    [Theory]
    [InlineData("MaxEpoch", "5", "Did you mean 'MaxEpochs'?")]
    [InlineData("MaxEpochs", "ten", "Training:MaxEpochs = 'ten': expected a whole number")]
    [InlineData("MaxEpochs", "1e3", "expected a whole number")]
    [InlineData("MaxEpochs", "99999999999", "expected a whole number")]
    [InlineData("GradientClipVal", "1,5", "expected a number with a point")]
    [InlineData("Accelerator", "fpga", "expected one of Auto, Cpu, Gpu")]
    [InlineData("Accelerator", "1", "expected one of Auto, Cpu, Gpu")]
    [InlineData("Precision", "fp17", "fp17")]
    [InlineData("MaxTime", "00:00:90:00", "days")]
    [InlineData("EnableReport", "yes", "true or false")]
    [InlineData("LimitTrainBatches", "all", "a number of batches")]
    [InlineData("MaxDuration", "10", "a number and its unit")]
    [InlineData("MaxDuration", "10 hours", "10 epochs")]
    public void What_cannot_be_read_is_named_with_key_value_and_what_was_expected(string key, string value, string text)
        => Assert.Contains(text, Problem((key, value)), StringComparison.Ordinal);

    [Fact]
    public void All_problems_are_in_one_message()
    {
        var problem = Problem(("MaxEpochs", "ten"), ("Sede", "1"), ("MaxTime:Hours", "3"));

        Assert.Contains("3 problems", problem, StringComparison.Ordinal);
        Assert.Contains("Training:MaxTime holds a group of values", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_culture_of_the_system_changes_no_number()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = german;

            Assert.Equal(1.5, Apply(("GradientClipVal", "1.5")).GradientClipVal);
            Assert.Contains("expected a number with a point", Problem(("GradientClipVal", "1,5")), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static TrainerOptions Apply(params (string Key, string Value)[] entries) => TrainerConfiguration.Apply(new(), Section(entries));

    private static string Problem(params (string Key, string Value)[] entries) => Record.Exception(() => Apply(entries)) is MisconfigurationException error ? error.Message : string.Empty;

    private static IConfigurationSection Section(params (string Key, string Value)[] entries)
        => new ConfigurationBuilder().AddInMemoryCollection(entries.Select(entry => KeyValuePair.Create($"Training:{entry.Key}", (string?)entry.Value))).Build().GetSection("Training");
}
