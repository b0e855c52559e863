using System.Globalization;

namespace LightningSharp;

/// <summary>
/// How much of a loader to use: a number of batches or a fraction of them. <c>Limit.Batches(1)</c> is one batch and <c>Limit.Fraction(1.0)</c> all of them;
/// an <see cref="int"/> converts to the first, a <see cref="double"/> to the second.
/// </summary>
public readonly record struct Limit
{
    private readonly int? _batches;
    private readonly double? _fraction;

    private Limit(int? batches, double? fraction) => (_batches, _fraction) = (batches, fraction);

    /// <summary>Every batch; the default.</summary>
    public static Limit All => default;

    /// <summary>No batch: the stage is switched off.</summary>
    public static Limit None => new(0, null);

    /// <summary>True when nothing is left out.</summary>
    public bool IsAll => _batches is null && _fraction is null or 1.0;

    /// <summary>True when the stage is switched off.</summary>
    public bool IsNone => _batches == 0 || _fraction == 0;

    /// <summary>True when a fraction other than all or nothing was asked for: such a limit needs a loader whose length is known.</summary>
    public bool NeedsLength => _fraction is not (null or 0 or 1.0);

    internal bool IsValid => _batches is null or >= 0 && _fraction is null or (>= 0 and <= 1);

    /// <summary>At most <paramref name="count"/> batches per epoch and loader.</summary>
    public static Limit Batches(int count) => new(count, null);

    /// <summary>A fraction of the batches, from 0 to 1, rounded down.</summary>
    public static Limit Fraction(double fraction) => new(null, fraction);

    /// <summary>A number of batches.</summary>
    public static implicit operator Limit(int batches) => Batches(batches);

    /// <summary>A fraction of the batches.</summary>
    public static implicit operator Limit(double fraction) => Fraction(fraction);

    /// <summary>Batches to use of a loader with <paramref name="length"/> batches; null means unknown, before and after.</summary>
    /// <exception cref="MisconfigurationException">A fraction of an unknown length, or a fraction so small that no batch is left.</exception>
    public int? Apply(int? length, string option)
    {
        if (_batches is { } count) return length is { } known ? Math.Min(count, known) : count;
        if (_fraction is null or 1.0) return length;
        if (_fraction == 0) return 0;
        if (length is not { } total)
        {
            throw new MisconfigurationException(
                $"{option} = {this} asks for a fraction of a loader whose length is unknown. Use {nameof(Limit)}.{nameof(Batches)}(n), or a loader with a length.");
        }

        var batches = (int)Math.Floor(total * _fraction.Value);
        if (batches > 0 || total == 0) return batches;
        throw new MisconfigurationException(
            $"{option} = {this} of {total} batches is less than one batch. Use at least {Text(Math.Ceiling(1e6 / total) / 1e6)}, or {nameof(Limit)}.{nameof(None)} to switch the stage off.");
    }

    /// <inheritdoc/>
    public override string ToString()
        => _batches is { } count ? $"{count} batches" : _fraction is { } fraction ? Text(fraction) : "all";

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
