namespace LightningSharp.Optimization;

/// <summary>A part of the run: a number of steps, or a fraction of all of them. Converts from a whole number of steps.</summary>
public readonly record struct Portion
{
    private readonly int _steps;
    private readonly double? _fraction;

    private Portion(int steps, double? fraction) => (_steps, _fraction) = (steps, fraction);

    /// <summary>Nothing.</summary>
    public static Portion None => default;

    /// <summary>Whether the length of the run has to be known to tell the number of steps.</summary>
    public bool IsFraction => _fraction is not null;

    /// <summary>A number of steps.</summary>
    public static implicit operator Portion(int steps) => FromInt32(steps);

    /// <summary>A number of steps, 0 or greater.</summary>
    public static Portion FromInt32(int steps) => Steps(steps);

    /// <summary>A number of steps, 0 or greater.</summary>
    public static Portion Steps(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return new(steps, null);
    }

    /// <summary>A fraction of all steps, from 0 to 1; rounded up to whole steps.</summary>
    public static Portion Fraction(double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1);
        return new(0, fraction);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(_fraction is { } fraction ? $"{fraction:P0}" : (FormattableString)$"{_steps} steps");

    internal int In(int totalSteps) => _fraction is { } fraction ? (int)Math.Ceiling(fraction * totalSteps) : _steps;
}
