namespace LightningSharp.Metrics.Aggregation;

/// <summary>What an aggregator does with NaN. A number converts to "put this in its place".</summary>
public readonly record struct NanStrategy
{
    private NanStrategy(string name, double? value) => (Name, Value) = (name, value);

    /// <summary>Throw. Reads the device.</summary>
    public static NanStrategy Error { get; } = new("error", null);

    /// <summary>Warn and leave it out. Reads the device.</summary>
    public static NanStrategy Warn { get; } = new("warn", null);

    /// <summary>Leave it out.</summary>
    public static NanStrategy Ignore { get; } = new("ignore", null);

    /// <summary>Let it through: one NaN makes the result NaN. The cheapest.</summary>
    public static NanStrategy Disable { get; } = new("disable", null);

    internal string? Name { get; }

    internal double? Value { get; }

    /// <summary>Puts <paramref name="value"/> in its place.</summary>
    public static implicit operator NanStrategy(double value) => FromDouble(value);

    /// <summary>Puts <paramref name="value"/> in its place.</summary>
    public static NanStrategy FromDouble(double value) => new("value", value);

    /// <summary>The name, or the value that takes its place.</summary>
    public override string ToString() => Value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Name ?? "ignore";
}
