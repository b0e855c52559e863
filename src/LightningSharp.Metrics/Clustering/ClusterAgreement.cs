namespace LightningSharp.Metrics.Clustering;

/// <summary>What two ways of putting the same things into groups have in common: counts of every pair of groups and what follows from them.</summary>
internal sealed class ClusterAgreement
{
    private readonly double[] _cells;
    private readonly double[] _rows;
    private readonly double[] _columns;

    internal ClusterAgreement(long[] preds, long[] target)
    {
        Count = preds.Length;
        var cells = new Dictionary<(long, long), double>();
        var (rows, columns) = (new Dictionary<long, double>(), new Dictionary<long, double>());
        for (var i = 0; i < preds.Length; i++)
        {
            cells[(target[i], preds[i])] = cells.GetValueOrDefault((target[i], preds[i])) + 1;
            rows[target[i]] = rows.GetValueOrDefault(target[i]) + 1;
            columns[preds[i]] = columns.GetValueOrDefault(preds[i]) + 1;
        }

        (_cells, _rows, _columns) = ([.. cells.Values], [.. rows.Values], [.. columns.Values]);
        MutualInformation = cells.Sum(c => c.Value / Count * Math.Log(Count * c.Value / (rows[c.Key.Item1] * columns[c.Key.Item2])));
        MutualInformation = Math.Max(0, MutualInformation);
    }

    internal double Count { get; }

    /// <summary>In nats.</summary>
    internal double MutualInformation { get; }

    internal double TargetEntropy => Entropy(_rows);

    internal double PredsEntropy => Entropy(_columns);

    /// <summary>Nothing to tell apart: one group each, or every thing alone in both.</summary>
    internal bool IsTrivial => (_rows.Length == 1 && _columns.Length == 1) || (_rows.Length == (int)Count && _columns.Length == (int)Count);

    /// <summary>Pairs of things: together in both, only in the prediction, only in the target, in neither.</summary>
    internal (double Both, double PredsOnly, double TargetOnly, double Neither) Pairs
    {
        get
        {
            var both = _cells.Sum(Choose2);
            var (target, preds) = (_rows.Sum(Choose2), _columns.Sum(Choose2));
            return (both, preds - both, target - both, Choose2(Count) - preds - target + both);
        }
    }

    /// <summary>The mutual information that chance would give groups of these sizes (N. X. Vinh, J. Epps, J. Bailey, 2010).</summary>
    internal double ExpectedMutualInformation()
    {
        var factorial = new double[(int)Count + 2];
        for (var i = 2; i < factorial.Length; i++) factorial[i] = factorial[i - 1] + Math.Log(i);
        var n = (int)Count;
        var sum = 0.0;
        foreach (int a in _rows)
        {
            foreach (int b in _columns)
            {
                for (var k = Math.Max(1, a + b - n); k <= Math.Min(a, b); k++)
                {
                    var chance = factorial[a] + factorial[b] + factorial[n - a] + factorial[n - b]
                        - factorial[n] - factorial[k] - factorial[a - k] - factorial[b - k] - factorial[n - a - b + k];
                    sum += (double)k / n * Math.Log((double)n * k / ((double)a * b)) * Math.Exp(chance);
                }
            }
        }

        return sum;
    }

    private static double Choose2(double n) => n * (n - 1) / 2;

    private double Entropy(double[] sizes) => -sizes.Sum(s => s / Count * Math.Log(s / Count));
}
