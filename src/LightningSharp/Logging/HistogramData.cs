using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Logging;

/// <summary>Counts of values in buckets. NaN and infinities are counted apart.</summary>
/// <param name="Min">The smallest finite value, 0 when there is none.</param>
/// <param name="Max">The largest finite value, 0 when there is none.</param>
/// <param name="Sum">The sum of the finite values.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
/// <param name="Limits">The upper limit of each bucket, rising; the first bucket begins at <paramref name="Min"/>.</param>
/// <param name="Counts">How many values each bucket holds.</param>
/// <param name="NonFinite">How many values were NaN or infinite.</param>
public sealed record HistogramData(
    double Min, double Max, double Sum, double SumOfSquares, IReadOnlyList<double> Limits, IReadOnlyList<double> Counts, long NonFinite = 0)
{
    /// <summary>How many finite values there are.</summary>
    public double Count => Counts.Sum();

    /// <summary>Counts values in buckets of equal width between the smallest and the largest.</summary>
    public static HistogramData Of(ReadOnlySpan<float> values, int buckets = 30)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(buckets);
        var (min, max, sum, squares, finite) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0.0, 0L);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                min = Math.Min(min, value);
                max = Math.Max(max, value);
                sum += value;
                squares += (double)value * value;
                finite++;
            }
        }

        if (finite == 0)
        {
            return new(0, 0, 0, 0, [0], [0], values.Length);
        }

        var width = (max - min) / buckets;
        if (width <= 0)
        {
            return new(min, max, sum, squares, [max], [finite], values.Length - finite);
        }

        var counts = new double[buckets];
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                counts[Math.Min((int)((value - min) / width), buckets - 1)]++;
            }
        }

        var limits = new double[buckets];
        for (var i = 0; i < buckets; i++)
        {
            limits[i] = i == buckets - 1 ? max : min + ((i + 1) * width);
        }

        return new(min, max, sum, squares, limits, counts, values.Length - finite);
    }

    /// <summary>Counts the elements of a tensor of any shape and number type; they are copied to the host.</summary>
    public static HistogramData Of(Tensor values, int buckets = 30)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        using var host = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return host.numel() == 0 ? Of([], buckets) : Of(host.data<float>().ToArray(), buckets);
    }
}
