using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>Concordant, discordant and tied pairs, counted by sorting (W. R. Knight, 1966).</summary>
internal sealed class KendallPairs
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly long _swaps;

    internal KendallPairs(double[] x, double[] y)
    {
        var order = Enumerable.Range(0, x.Length).OrderBy(i => x[i]).ThenBy(i => y[i]).ToArray();
        _x = [.. order.Select(i => x[i])];
        _y = [.. order.Select(i => y[i])];
        var sorted = (double[])_y.Clone();
        _swaps = SortCounting(sorted, new double[sorted.Length], 0, sorted.Length);
    }

    internal double Tau(KendallVariant variant)
    {
        long n = _x.Length;
        var all = n * (n - 1) / 2;
        var (tiesX, tiesY) = (Ties(_x), Ties([.. _y.Order()]));
        var tiesBoth = TiesBoth();
        // Swaps are the discordant pairs: within equal x, y is already sorted.
        double difference = all - tiesX - tiesY + tiesBoth - (2 * _swaps);
        var least = Math.Min(_x.Distinct().Count(), _y.Distinct().Count());
        return variant switch
        {
            KendallVariant.A => difference / all,
            KendallVariant.B => difference / Math.Sqrt((double)(all - tiesX) * (all - tiesY)),
            _ => 2 * difference / ((double)n * n * (least - 1) / least),
        };
    }

    private static long Ties(double[] sorted)
    {
        long ties = 0, run = 1;
        for (var i = 1; i <= sorted.Length; i++)
        {
            if (i < sorted.Length && sorted[i] == sorted[i - 1])
            {
                run++;
                continue;
            }

            ties += run * (run - 1) / 2;
            run = 1;
        }

        return ties;
    }

    private long TiesBoth()
    {
        long ties = 0, run = 1;
        for (var i = 1; i <= _x.Length; i++)
        {
            if (i < _x.Length && _x[i] == _x[i - 1] && _y[i] == _y[i - 1])
            {
                run++;
                continue;
            }

            ties += run * (run - 1) / 2;
            run = 1;
        }

        return ties;
    }

    /// <summary>Merge sort that counts how many neighbours had to be swapped.</summary>
    private static long SortCounting(double[] values, double[] spare, int from, int to)
    {
        if (to - from < 2) return 0;
        var middle = (from + to) / 2;
        var swaps = SortCounting(values, spare, from, middle) + SortCounting(values, spare, middle, to);
        var (left, right) = (from, middle);
        for (var i = from; i < to; i++)
        {
            if (left < middle && (right >= to || values[left] <= values[right]))
            {
                spare[i] = values[left++];
            }
            else
            {
                swaps += middle - left;
                spare[i] = values[right++];
            }
        }

        Array.Copy(spare, from, values, from, to - from);
        return swaps;
    }
}
