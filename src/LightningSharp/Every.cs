using System.Globalization;

namespace LightningSharp;

/// <summary>How often something happens, in one unit: <c>Every.Steps(500)</c>, <c>Every.Epochs(1)</c>, <c>Every.Time(TimeSpan.FromMinutes(10))</c>.</summary>
public readonly record struct Every
{
    private Every(EveryUnit unit, double amount) => (Unit, Amount) = (unit, amount);

    /// <summary>The unit.</summary>
    public EveryUnit Unit { get; }

    /// <summary>How many of the unit; seconds for <see cref="EveryUnit.Time"/>.</summary>
    public double Amount { get; }

    /// <summary>After every <paramref name="count"/> epochs.</summary>
    public static Every Epochs(int count) => new(EveryUnit.Epochs, count);

    /// <summary>After every <paramref name="count"/> batches.</summary>
    public static Every Batches(int count) => new(EveryUnit.Batches, count);

    /// <summary>After every <paramref name="count"/> optimizer steps.</summary>
    public static Every Steps(long count) => new(EveryUnit.Steps, count);

    /// <summary>After every <paramref name="count"/> samples.</summary>
    public static Every Samples(long count) => new(EveryUnit.Samples, count);

    /// <summary>After this fraction of an epoch, above 0 and up to 1; the number of batches is rounded down, at least one.</summary>
    public static Every Fraction(double ofEpoch) => new(EveryUnit.EpochFraction, ofEpoch);

    /// <summary>After this part of the whole run, above 0 and up to 1, as its limits give it (<see cref="Trainer.FractionDone"/>): <c>0.1</c> is ten times.</summary>
    public static Every RunFraction(double ofRun) => new(EveryUnit.RunFraction, ofRun);

    /// <summary>After the first batch that ends when this much time has passed since the last time.</summary>
    public static Every Time(TimeSpan interval) => new(EveryUnit.Time, interval.TotalSeconds);

    /// <summary>A number of batches.</summary>
    public static implicit operator Every(int batches) => Batches(batches);

    /// <summary>A fraction of an epoch.</summary>
    public static implicit operator Every(double fraction) => Fraction(fraction);

    /// <summary>A time.</summary>
    public static implicit operator Every(TimeSpan interval) => Time(interval);

    internal static Every Of(Duration duration) => new(
        duration.Unit switch
        {
            DurationUnit.Epochs => EveryUnit.Epochs,
            DurationUnit.Batches => EveryUnit.Batches,
            DurationUnit.Steps => EveryUnit.Steps,
            DurationUnit.Samples => EveryUnit.Samples,
            DurationUnit.EpochFraction => EveryUnit.EpochFraction,
            DurationUnit.RunFraction => EveryUnit.RunFraction,
            _ => EveryUnit.Time,
        },
        duration.Amount);

    internal bool IsValid => Unit switch
    {
        EveryUnit.EpochFraction or EveryUnit.RunFraction => Amount is > 0 and <= 1,
        EveryUnit.Time => Amount >= 0,
        _ => Amount >= 1,
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"every {Amount:0.######} {Unit switch
    {
        EveryUnit.EpochFraction => "of an epoch",
        EveryUnit.RunFraction => "of the run",
        EveryUnit.Time => "seconds",
        var unit => unit.ToString().ToLowerInvariant(),
    }}");
}
