namespace LightningSharp.Optimization;

/// <summary>A setting that may differ between parameter groups: one number for all, or one for each. Converts from a number and from an array.</summary>
public readonly struct GroupValues : IEquatable<GroupValues>
{
    private readonly double[]? _values;

    /// <summary>One number for all groups, or one for each.</summary>
    /// <param name="values">The numbers.</param>
    public GroupValues(params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = [.. values];
    }

    /// <summary>One number for all groups.</summary>
    public static implicit operator GroupValues(double value) => FromDouble(value);

    /// <summary>A number for each group.</summary>
    public static implicit operator GroupValues(double[] values) => FromArray(values);

    /// <summary>Whether two settings are the same.</summary>
    public static bool operator ==(GroupValues left, GroupValues right) => left.Equals(right);

    /// <summary>Whether two settings differ.</summary>
    public static bool operator !=(GroupValues left, GroupValues right) => !left.Equals(right);

    /// <summary>One number for all groups.</summary>
    public static GroupValues FromDouble(double value) => new(value);

    /// <summary>A number for each group.</summary>
    public static GroupValues FromArray(double[] values) => new(values);

    /// <inheritdoc/>
    public bool Equals(GroupValues other) => (_values ?? []).AsSpan().SequenceEqual(other._values ?? []);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GroupValues other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (_values ?? []).Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"[{string.Join(", ", _values ?? [])}]");

    /// <summary>A number for each of <paramref name="groups"/> groups; 0 where none was given.</summary>
    internal double[] For(int groups, string name)
    {
        var values = _values is { Length: > 0 } ? _values : [0];
        return values.Length == groups ? [.. values]
            : values.Length == 1 ? [.. Enumerable.Repeat(values[0], groups)]
            : throw new ArgumentException($"{name} needs one value for all parameter groups or one for each of the optimizer's {groups}. Received: {this}.", name);
    }
}
