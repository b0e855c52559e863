using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>From counts at thresholds to curves, areas and operating points.</summary>
internal static class CurveFormulas
{
    /// <summary>False- and true-positive rate, thresholds descending. An exact curve starts at (0, 0) with threshold 1. A rate without samples is 0.</summary>
    internal static Curve Roc(CurvePoints p)
    {
        var (fps, tps, thresholds) = (p.FalsePositives, p.TruePositives, p.Thresholds);
        if (!p.Binned)
        {
            var zero = zeros(1, float64, fps.device);
            (fps, tps) = (cat([zero, fps], 0), cat([zero, tps], 0));
            thresholds = cat([ones(1, thresholds.dtype, fps.device), thresholds], 0);
        }

        return new(Rate(fps, p.Negatives), Rate(tps, p.Positives), thresholds);
    }

    /// <summary>Specificity and sensitivity in float64, straight from counts so that a share like 3/5 meets a minimum of 0.6. Thresholds descend.</summary>
    internal static Curve SpecificitySensitivity(CurvePoints p)
    {
        var (specificity, sensitivity) = (Numbers.SafeDivide(p.Negatives - p.FalsePositives, p.Negatives.expand_as(p.FalsePositives), 1),
            Numbers.SafeDivide(p.TruePositives, p.Positives.expand_as(p.TruePositives)));
        if (p.Binned) return new(specificity, sensitivity, p.Thresholds);
        var (zero, one) = (zeros(1, float64, specificity.device), ones(1, float64, specificity.device));
        return new(cat([one, specificity], 0), cat([zero, sensitivity], 0), cat([one.to(p.Thresholds.dtype), p.Thresholds], 0));
    }

    /// <summary>Precision and recall, thresholds ascending, with the closing point (1, 0). Recall without positives is as given.</summary>
    internal static Curve PrecisionRecall(CurvePoints p, double recallWithoutPositives)
    {
        var precision = Numbers.SafeDivide(p.TruePositives, p.TruePositives.Plus(p.FalsePositives));
        var recall = Numbers.SafeDivide(p.TruePositives, p.Positives.expand_as(p.TruePositives), p.Binned ? 0 : recallWithoutPositives);
        var device = precision.device;
        return new(
            cat([precision.flip(0), ones(1, float64, device)], 0).to(float32),
            cat([recall.flip(0), zeros(1, float64, device)], 0).to(float32),
            p.Thresholds.flip(0));
    }

    /// <summary>
    /// The mean of several curves of y over x: each is read at every x that one of them has, in a straight line between its points. Steps count their upper end.
    /// Curves without a number are left out. Thresholds have no mean and are NaN.
    /// </summary>
    internal static (Tensor X, Tensor Y, Tensor Thresholds) Mean(IEnumerable<(Tensor X, Tensor Y)> curves)
    {
        var rows = curves.Select(curve => (X: HostRows.Of(curve.X), Y: HostRows.Of(curve.Y))).Where(curve => !curve.Y.Any(double.IsNaN) && !curve.X.Any(double.IsNaN)).ToList();
        double[] grid = [.. rows.SelectMany(row => row.X).Distinct().Order()];
        var mean = new double[grid.Length];
        foreach (var (x, y) in rows)
        {
            var order = Enumerable.Range(0, x.Length).OrderBy(i => x[i]).ThenBy(i => y[i]).ToArray();
            for (int i = 0, at = 0; i < grid.Length; i++)
            {
                while (at + 1 < order.Length && x[order[at + 1]] <= grid[i]) at++;
                var (here, next) = (order[at], order[Math.Min(at + 1, order.Length - 1)]);
                var share = x[next] > x[here] && grid[i] > x[here] ? (grid[i] - x[here]) / (x[next] - x[here]) : 0;
                mean[i] += (y[here] + (share * (y[next] - y[here]))) / rows.Count;
            }
        }

        return (tensor(grid).to(float32), tensor(mean).to(float32), Numbers.Filled([grid.Length], double.NaN, float32));
    }

    internal static Tensor Area(Curve roc) => trapezoid(roc.Second, roc.First);

    /// <summary>The area up to a false-positive rate, scaled so that chance is 0.5 and the best is 1 (D. K. McClish, 1989).</summary>
    internal static Tensor PartialArea(Curve roc, double maxFpr)
    {
        var (x, y) = (HostRows.Of(roc.First), HostRows.Of(roc.Second));
        if (maxFpr >= 1 || x.Sum() == 0 || y.Sum() == 0) return Area(roc);
        var area = 0.0;
        for (var i = 1; i < x.Length && x[i - 1] < maxFpr; i++)
        {
            var right = Math.Min(x[i], maxFpr);
            var yRight = x[i] > right ? y[i - 1] + ((y[i] - y[i - 1]) * (right - x[i - 1]) / (x[i] - x[i - 1])) : y[i];
            area += (right - x[i - 1]) * (y[i - 1] + yRight) / 2;
        }

        var least = 0.5 * maxFpr * maxFpr;
        return tensor(0.5 * (1 + ((area - least) / (maxFpr - least))), float32, roc.First.device);
    }

    internal static Tensor AveragePrecision(Curve curve)
    {
        var last = curve.First.size(0) - 1;
        var falls = curve.Second.narrow(0, 0, last) - curve.Second.narrow(0, 1, last);
        return (falls * curve.First.narrow(0, 0, last)).sum();
    }

    /// <summary>The mean of false-positive and false-negative rate where they differ least.</summary>
    internal static Tensor EqualErrorRate(Curve roc)
    {
        var misses = roc.Second.OneMinus();
        var at = (misses - roc.First).abs().argmin();
        return misses[at].Plus(roc.First[at]).div(Numbers.Two);
    }

    /// <summary>The mean true-positive rate over the logarithm of the false-positive rate within a range.</summary>
    internal static Tensor LogArea(Curve roc, double low, double high)
    {
        var (x, y) = (HostRows.Of(roc.First), HostRows.Of(roc.Second));
        var inner = Enumerable.Range(0, x.Length).Where(i => x[i] > low && x[i] < high).ToArray();
        double[] xs = [low, .. inner.Select(i => x[i]), high];
        double[] ys = [Interpolated(x, y, low), .. inner.Select(i => y[i]), Interpolated(x, y, high)];
        var area = 0.0;
        for (var i = 1; i < xs.Length; i++) area += (Math.Log10(xs[i]) - Math.Log10(xs[i - 1])) * (ys[i] + ys[i - 1]) / 2;
        return tensor(area / (Math.Log10(high) - Math.Log10(low)), float32, roc.First.device);
    }

    /// <summary>Values of classes averaged; NaN (a class that has no value) is left out.</summary>
    internal static Tensor Averaged(Tensor scores, Tensor positives, Average average)
    {
        if (average == Average.None) return scores;
        var known = scores.isnan().logical_not();
        var weights = (average == Average.Weighted ? positives.to(scores.dtype) : ones_like(scores)) * known.to(scores.dtype);
        return (scores.nan_to_num() * weights).sum() / weights.sum();
    }

    private static Tensor Rate(Tensor counts, Tensor all) => Numbers.SafeDivide(counts, all.expand_as(counts)).to(float32);

    /// <summary>Linear interpolation that takes the last of several points at the same place.</summary>
    private static double Interpolated(double[] x, double[] y, double at)
    {
        var i = Math.Clamp(x.Count(v => v <= at) - 1, 0, x.Length - 2);
        var width = x[i + 1] - x[i];
        return width == 0 ? y[i] : y[i] + ((y[i + 1] - y[i]) * (at - x[i]) / width);
    }
}
