namespace LightningSharp.Report.Runs;

/// <summary>Makes a million points into as many as a screen can show, without hiding a spike or a gap.</summary>
internal static class Downsample
{
    /// <summary>
    /// At most about <paramref name="points"/> points of those with <paramref name="from"/> ≤ step ≤ <paramref name="to"/>: of each bucket of neighbours the smallest and
    /// the largest in their order, and one that is not finite if there is one. The values are smoothed first, over the whole series.
    /// </summary>
    internal static (List<long> Steps, List<double> Values) Of(Series series, int points, double smoothing = 0, long from = long.MinValue, long to = long.MaxValue)
    {
        var steps = series.Steps;
        var values = smoothing > 0 ? Smooth(series.Values, smoothing) : series.Values;
        var first = LowerBound(steps, from);
        var end = to == long.MaxValue ? steps.Length : LowerBound(steps, to + 1);
        // one neighbour on each side, so that a line leaves the picture instead of ending in it
        (first, end) = (Math.Max(0, first - 1), Math.Min(steps.Length, end + 1));
        List<long> x = [];
        List<double> y = [];
        var buckets = Math.Max(1, points / 2);
        var count = end - first;
        if (count <= 2 * buckets)
        {
            for (var i = first; i < end; i++)
            {
                x.Add(steps[i]);
                y.Add(values[i]);
            }

            return (x, y);
        }

        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var start = first + (int)((long)count * bucket / buckets);
            var stop = first + (int)((long)count * (bucket + 1) / buckets);
            AddBucket(steps, values, start, stop, x, y);
        }

        return (x, y);
    }

    /// <summary>Exponential moving average that begins unbiased; values that are not finite stay and do not spread.</summary>
    internal static double[] Smooth(ReadOnlySpan<double> values, double smoothing)
    {
        var weight = Math.Clamp(smoothing, 0, 0.9999);
        var (average, correction) = (0.0, 0.0);
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                result[i] = values[i];
                continue;
            }

            average = (average * weight) + ((1 - weight) * values[i]);
            correction = (correction * weight) + (1 - weight);
            result[i] = average / correction;
        }

        return result;
    }

    private static void AddBucket(ReadOnlySpan<long> steps, ReadOnlySpan<double> values, int start, int stop, List<long> x, List<double> y)
    {
        var (low, high, gap) = (-1, -1, -1);
        for (var i = start; i < stop; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                gap = i;
                continue;
            }

            low = low < 0 || values[i] < values[low] ? i : low;
            high = high < 0 || values[i] > values[high] ? i : high;
        }

        Span<int> chosen = [low, high, gap];
        chosen.Sort();
        var last = -1;
        foreach (var i in chosen)
        {
            if (i >= 0 && i != last)
            {
                x.Add(steps[i]);
                y.Add(values[i]);
                last = i;
            }
        }
    }

    private static int LowerBound(ReadOnlySpan<long> steps, long step)
    {
        var (low, high) = (0, steps.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = steps[middle] < step ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
