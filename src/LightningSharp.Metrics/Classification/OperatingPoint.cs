namespace LightningSharp.Metrics.Classification;

/// <summary>The best value on a curve that keeps another quantity at a minimum, and the threshold there. Nothing found: 0 at threshold 1e6.</summary>
internal readonly record struct OperatingPoint(double Value, double Threshold)
{
    internal static OperatingPoint RecallAtPrecision(CurvePoints points, double least, double recallWithoutPositives)
    {
        var curve = CurveFormulas.PrecisionRecall(points, recallWithoutPositives);
        return Best(curve.Second, curve.First, curve.Thresholds, least, firstOfTies: false);
    }

    internal static OperatingPoint PrecisionAtRecall(CurvePoints points, double least, double recallWithoutPositives)
    {
        var curve = CurveFormulas.PrecisionRecall(points, recallWithoutPositives);
        return Best(curve.First, curve.Second, curve.Thresholds, least, firstOfTies: false);
    }

    internal static OperatingPoint SensitivityAtSpecificity(CurvePoints points, double least)
    {
        var curve = CurveFormulas.SpecificitySensitivity(points);
        return Best(curve.Second, curve.First, curve.Thresholds, least, firstOfTies: true);
    }

    internal static OperatingPoint SpecificityAtSensitivity(CurvePoints points, double least)
    {
        var curve = CurveFormulas.SpecificitySensitivity(points);
        return Best(curve.First, curve.Second, curve.Thresholds, least, firstOfTies: true);
    }

    /// <summary>Of equal values the one with more of the quantity that is kept, then with the larger threshold; or simply the first.</summary>
    private static OperatingPoint Best(TorchSharp.torch.Tensor wanted, TorchSharp.torch.Tensor held, TorchSharp.torch.Tensor thresholds, double minimum, bool firstOfTies)
    {
        var (values, kept, at) = (HostRows.Of(wanted), HostRows.Of(held), HostRows.Of(thresholds));
        (double Value, double Held, double Threshold) best = (double.NegativeInfinity, 0, 0);
        for (var i = 0; i < Math.Min(values.Length, at.Length); i++)
        {
            var candidate = (values[i], kept[i], at[i]);
            if (kept[i] < minimum) continue;
            if (values[i] > best.Value || (!firstOfTies && candidate.CompareTo(best) > 0)) best = candidate;
        }

        return best.Value is double.NegativeInfinity || (best.Value == 0 && !firstOfTies) ? new(0, 1e6) : new(best.Value, best.Threshold);
    }
}
