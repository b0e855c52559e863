using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>
/// Where a binned curve is measured. Memory stays constant however much data comes; without thresholds a curve is exact and keeps every prediction.
/// A number of evenly spaced thresholds or the thresholds themselves convert to it.
/// </summary>
public sealed class Thresholds
{
    private readonly double[] _values;

    private Thresholds(double[] values) => _values = values;

    /// <summary>The thresholds, ascending.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary><paramref name="count"/> evenly spaced thresholds from 0 to 1.</summary>
    public static implicit operator Thresholds(int count) => FromInt32(count);

    /// <summary>These thresholds.</summary>
    public static implicit operator Thresholds(double[] values) => FromArray(values);

    /// <summary><paramref name="count"/> evenly spaced thresholds from 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two.</exception>
    public static Thresholds FromInt32(int count)
    {
        if (count < 2) throw new ArgumentOutOfRangeException(nameof(count), count, $"A binned curve wants at least 2 thresholds. Received: {count}.");
        using var steps = linspace(0, 1, count, float32);
        return new([.. steps.data<float>().ToArray().Select(x => (double)x)]);
    }

    /// <summary>These thresholds, sorted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">None, or one outside 0 … 1.</exception>
    public static Thresholds FromArray(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0 || values.Any(x => x is not (>= 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(values), $"A binned curve wants one or more thresholds in 0 … 1. Received: [{string.Join(", ", values)}].");
        }

        return new([.. values.Order()]);
    }

    /// <summary>The thresholds, separated by blanks.</summary>
    public override string ToString() => string.Join(' ', _values.Select(x => x.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    internal Tensor ToTensor() => tensor(_values, dtype: float32);
}
