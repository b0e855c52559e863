using System.Globalization;

namespace LightningSharp.Terminal;

/// <summary>Numbers as people read them, of a width that does not jump.</summary>
internal static class NumberText
{
    private static readonly string[] _units = ["", " K", " M", " G", " T", " P"];

    /// <summary>A metric in four to five significant digits: <c>0.6184</c>, <c>12.346</c>, <c>1.23e-05</c>.</summary>
    public static string Metric(double value) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        0 => "0.0000",
        _ => Math.Abs(value) switch
        {
            < 1e-3 => value.ToString("0.00e+00", CultureInfo.InvariantCulture),
            < 10 => value.ToString("F4", CultureInfo.InvariantCulture),
            < 100 => value.ToString("F3", CultureInfo.InvariantCulture),
            < 1000 => value.ToString("F2", CultureInfo.InvariantCulture),
            < 1e5 => value.ToString("F1", CultureInfo.InvariantCulture),
            _ => value.ToString("0.00e+00", CultureInfo.InvariantCulture),
        },
    };

    /// <summary>All digits, in groups of three.</summary>
    public static string Exact(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of parameters: exact below 100,000, then <c>137 K</c>, <c>2.0 M</c>.</summary>
    public static string Parameters(long count) => count < 100_000 ? Exact(count) : Short(count).Replace(" G", " B", StringComparison.Ordinal);

    /// <summary>Below 1,000 plain, then one decimal below 100 of a unit: <c>1.2 K</c>, <c>132 K</c>, <c>2.0 M</c>, <c>59.2 G</c>.</summary>
    public static string Short(double value)
    {
        var unit = 0;
        while (value >= 999.5 && unit < _units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString(unit > 0 && value < 99.95 ? "F1" : "F0", CultureInfo.InvariantCulture) + _units[unit];
    }

    /// <summary>Megabytes: two decimals, three when there is less than a tenth.</summary>
    public static string Megabytes(long bytes) => (bytes / 1e6).ToString(bytes < 100_000 ? "F3" : "F2", CultureInfo.InvariantCulture) + " MB";

    /// <summary>A clock: <c>00:07</c>, <c>1:02:03</c>, <c>2d 03:04:05</c>.</summary>
    public static string Clock(TimeSpan time) => time switch
    {
        { TotalHours: < 1 } => time.ToString(@"mm\:ss", CultureInfo.InvariantCulture),
        { TotalDays: < 1 } => time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => time.ToString(@"d\d\ hh\:mm\:ss", CultureInfo.InvariantCulture),
    };

    /// <summary>A duration in words: <c>0.42 s</c>, <c>38 s</c>, <c>2 min 05 s</c>, <c>1 h 02 min</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        { TotalSeconds: < 59.5 } => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        { TotalHours: < 1 } => time.ToString(@"m\ \m\i\n\ ss\ \s", CultureInfo.InvariantCulture),
        { TotalDays: < 1 } => time.ToString(@"h\ \h\ mm\ \m\i\n", CultureInfo.InvariantCulture),
        _ => time.ToString(@"d\ \d\ h\ \h", CultureInfo.InvariantCulture),
    };

    /// <summary>Batches per second, or seconds per batch when they are slow: <c>3.79 it/s</c>, <c>1.52 s/it</c>.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        0 or double.NaN or double.PositiveInfinity => "? it/s",
        < 1 => (1 / perSecond).ToString("F2", CultureInfo.InvariantCulture) + " s/it",
        < 100 => perSecond.ToString("F2", CultureInfo.InvariantCulture) + " it/s",
        _ => perSecond.ToString("N0", CultureInfo.InvariantCulture) + " it/s",
    };

    /// <summary>Samples per second without a unit.</summary>
    public static string Throughput(double perSecond) => perSecond switch
    {
        0 or double.NaN or double.PositiveInfinity => "-",
        < 10 => perSecond.ToString("F2", CultureInfo.InvariantCulture),
        _ => perSecond.ToString("N0", CultureInfo.InvariantCulture),
    };
}
