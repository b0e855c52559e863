using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LightningSharp;

/// <summary>
/// How long something lasts, how often it happens, or when it begins, in one unit: <c>Duration.Epochs(10)</c>, <c>Duration.Steps(500)</c>, <c>Duration.Samples(1_000_000)</c>,
/// <c>Duration.RunFraction(0.1)</c>, or a <see cref="TimeSpan"/>. As text <c>10ep</c>, <c>500ba</c>, <c>500st</c>, <c>1e6sp</c>, <c>0.25epdur</c>, <c>0.1dur</c>, <c>3600sec</c>.
/// </summary>
/// <remarks>Durations of one unit can be added, subtracted, multiplied and compared. Those of different units cannot: how many batches an epoch has is known only in a run.</remarks>
/// <example><code>
/// new TrainerOptions { MaxDuration = 10.Epochs(), ValCheckInterval = Duration.RunFraction(0.1) }
/// </code></example>
public readonly record struct Duration : IComparable<Duration>, IParsable<Duration>
{
    private static readonly (string Suffix, DurationUnit Unit)[] Suffixes =
    [
        ("epdur", DurationUnit.EpochFraction), ("dur", DurationUnit.RunFraction), ("ep", DurationUnit.Epochs), ("ba", DurationUnit.Batches),
        ("st", DurationUnit.Steps), ("sp", DurationUnit.Samples), ("sec", DurationUnit.Time),
    ];

    private Duration(DurationUnit unit, double amount)
    {
        if (!double.IsFinite(amount) || amount < 0) throw new ArgumentOutOfRangeException(nameof(amount), amount, string.Create(CultureInfo.InvariantCulture, $"A duration of {amount} {Name(unit)} was asked for: expected 0 or more."));
        if (unit is DurationUnit.EpochFraction or DurationUnit.RunFraction && amount > 1)
            throw new ArgumentOutOfRangeException(nameof(amount), amount, string.Create(CultureInfo.InvariantCulture, $"A duration of {amount} {Name(unit)} was asked for: expected 0 to 1. Whole epochs are Duration.Epochs(n)."));
        (Unit, Amount) = (unit, amount);
    }

    /// <summary>The unit.</summary>
    public DurationUnit Unit { get; }

    /// <summary>How many of the unit; seconds for <see cref="DurationUnit.Time"/>.</summary>
    public double Amount { get; }

    /// <summary>Passes over the training data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative; so in all units.</exception>
    public static Duration Epochs(int count) => new(DurationUnit.Epochs, count);

    /// <summary>Training batches.</summary>
    public static Duration Batches(long count) => new(DurationUnit.Batches, count);

    /// <summary>Optimizer steps, over all optimizers.</summary>
    public static Duration Steps(long count) => new(DurationUnit.Steps, count);

    /// <summary>Training samples.</summary>
    public static Duration Samples(long count) => new(DurationUnit.Samples, count);

    /// <summary>A part of one epoch's batches, 0 to 1.</summary>
    public static Duration EpochFraction(double fraction) => new(DurationUnit.EpochFraction, fraction);

    /// <summary>A part of the whole run, 0 to 1, as its limits give it (<see cref="Trainer.FractionDone"/>).</summary>
    public static Duration RunFraction(double fraction) => new(DurationUnit.RunFraction, fraction);

    /// <summary>Wall time.</summary>
    public static Duration Time(TimeSpan time) => new(DurationUnit.Time, time.TotalSeconds);

    /// <summary>Wall time.</summary>
    public static implicit operator Duration(TimeSpan time) => Time(time);

    /// <summary>The same as an interval.</summary>
    public static implicit operator Every(Duration duration) => Every.Of(duration);

    /// <summary>The sum of two durations of one unit.</summary>
    public static Duration operator +(Duration left, Duration right) => new(Same(left, right, "added"), left.Amount + right.Amount);

    /// <summary>The difference of two durations of one unit; it must not be negative.</summary>
    public static Duration operator -(Duration left, Duration right) => new(Same(left, right, "subtracted"), left.Amount - right.Amount);

    /// <summary>A multiple; parts of whole things (epochs, batches, steps, samples) are rounded down.</summary>
    public static Duration operator *(Duration duration, double factor)
        => new(duration.Unit, duration.IsWhole ? Math.Floor((duration.Amount * factor) + 1e-9) : duration.Amount * factor);

    /// <summary>Whether one is shorter than another of its unit.</summary>
    public static bool operator <(Duration left, Duration right) => left.CompareTo(right) < 0;

    /// <summary>Whether one is longer than another of its unit.</summary>
    public static bool operator >(Duration left, Duration right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is at most as long as another of its unit.</summary>
    public static bool operator <=(Duration left, Duration right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is at least as long as another of its unit.</summary>
    public static bool operator >=(Duration left, Duration right) => left.CompareTo(right) >= 0;

    private bool IsWhole => Unit is DurationUnit.Epochs or DurationUnit.Batches or DurationUnit.Steps or DurationUnit.Samples;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The units differ.</exception>
    public int CompareTo(Duration other)
    {
        _ = Same(this, other, "compared");
        return Amount.CompareTo(other.Amount);
    }

    /// <summary>Reads <c>10ep</c>, <c>500ba</c>, <c>500st</c>, <c>1e6sp</c>, <c>0.25epdur</c>, <c>0.1dur</c> or <c>3600sec</c>.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static Duration Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, provider, out var duration) ? duration : throw new FormatException(
            $"'{s}' is no duration: expected a number with a unit, 10ep (epochs), 500ba (batches), 500st (optimizer steps), 1e6sp (samples), 0.25epdur (of an epoch), 0.1dur (of the run) or 3600sec.");
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Duration result)
    {
        result = default;
        var text = s?.Trim() ?? string.Empty;
        foreach (var (suffix, unit) in Suffixes)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal)) continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)) return false;
            var isFraction = unit is DurationUnit.EpochFraction or DurationUnit.RunFraction;
            if (!(amount >= 0) || !double.IsFinite(amount) || (isFraction && amount > 1) || (!isFraction && unit != DurationUnit.Time && amount != Math.Floor(amount))) return false;
            result = new Duration(unit, amount);
            return true;
        }

        return false;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        var unit = Unit;
        return string.Create(CultureInfo.InvariantCulture, $"{Amount:0.##########}{Array.Find(Suffixes, entry => entry.Unit == unit).Suffix}");
    }

    private static DurationUnit Same(Duration left, Duration right, string what) => left.Unit == right.Unit
        ? left.Unit
        : throw new InvalidOperationException($"{left} and {right} cannot be {what}: their units differ, and how they relate is known only in a run. Use one unit for both.");

    private static string Name(DurationUnit unit) => unit switch
    {
        DurationUnit.EpochFraction => "of an epoch",
        DurationUnit.RunFraction => "of the run",
        DurationUnit.Time => "seconds",
        _ => unit.ToString().ToLowerInvariant(),
    };
}
