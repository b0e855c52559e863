using System.Globalization;
using LightningSharp.Logging;
using ScottPlot;
using static TorchSharp.torch;

namespace LightningSharp.Plotting;

/// <summary>Pictures of what <c>BinaryROC</c>, <c>MulticlassROC</c>, <c>BinaryPrecisionRecallCurve</c> and their kind compute.</summary>
public static class RatePlots
{
    /// <summary>ROC curves: the true-positive over the false-positive rate, with the line of chance.</summary>
    /// <param name="computed">What a ROC metric's <c>Compute()</c> gives: [3, points] or [curves, 3, points], rows false-positive rate, true-positive rate, threshold.</param>
    /// <param name="names">One per curve; null for numbers.</param>
    /// <param name="title">Above the picture.</param>
    public static Plot Roc(Tensor computed, IReadOnlyList<string>? names = null, string title = "ROC")
    {
        var plot = Draw(computed, names, title, "false-positive rate", "true-positive rate", xRow: 0, yRow: 1, binned: false);
        var chance = plot.Add.Line(0, 0, 1, 1);
        (chance.LineColor, chance.LinePattern) = (Colors.Gray, LinePattern.Dashed);
        return plot;
    }

    /// <summary>
    /// Precision over recall. A binned curve has points at (0, 0) for thresholds that no score reaches: nothing is predicted there, so there is no precision, and they
    /// are left out.
    /// </summary>
    /// <param name="computed">What a precision-recall metric's <c>Compute()</c> gives: rows precision, recall, threshold.</param>
    /// <param name="names">One per curve; null for numbers.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="binned">Whether thresholds were given to the metric. Null finds out: they run evenly from 0 to 1, or are the same for all curves.</param>
    public static Plot PrecisionRecall(Tensor computed, IReadOnlyList<string>? names = null, string title = "Precision and recall", bool? binned = null)
        => Draw(computed, names, title, "recall", "precision", xRow: 1, yRow: 0, binned);

    private static Plot Draw(Tensor computed, IReadOnlyList<string>? names, string title, string xLabel, string yLabel, int xRow, int yRow, bool? binned)
    {
        ArgumentNullException.ThrowIfNull(computed);
        var shape = computed.shape;
        if (shape.Length is not (2 or 3) || shape[^2] != 3)
            throw new ArgumentException($"Curves are a tensor [3, points] or [curves, 3, points]; received [{string.Join(", ", shape)}].", nameof(computed));
        var curves = shape.Length == 2 ? 1 : (int)shape[0];
        if (names is not null && names.Count != curves) throw new ArgumentException($"There must be one name per curve; received {names.Count} names and {curves} curves.", nameof(names));
        using var scope = NewDisposeScope();
        var points = (int)shape[^1];
        var values = computed.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var withoutOrigin = binned ?? AreChosen([.. Enumerable.Range(0, curves).Select(curve => values[(((curve * 3) + 2) * points)..((curve + 1) * 3 * points)])]);
        var plot = Plots.New(title, xLabel, yLabel);
        for (var curve = 0; curve < curves; curve++)
        {
            var start = curve * 3 * points;
            var pairs = Enumerable.Range(0, points).Select(i => (X: values[start + (xRow * points) + i], Y: values[start + (yRow * points) + i]))
                .Where(pair => double.IsFinite(pair.X) && double.IsFinite(pair.Y)) // shorter curves end with NaN
                .Where(pair => !withoutOrigin || pair != (0, 0)).ToArray();
            var line = plot.Add.ScatterLine(pairs.Select(pair => pair.X).ToArray(), pairs.Select(pair => pair.Y).ToArray());
            line.LineWidth = 2;
            line.LegendText = names is null ? curve.ToString(CultureInfo.InvariantCulture) : TextEscape.ForConsole(names[curve]);
        }

        plot.Legend.IsVisible = curves > 1;
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        return plot;
    }

    /// <summary>Whether thresholds were given rather than seen: those of an exact curve are its scores.</summary>
    private static bool AreChosen(double[][] thresholds)
    {
        var rows = Array.ConvertAll(thresholds, row => row.Where(double.IsFinite).ToArray()); // the closing point has none
        var first = rows[0];
        if (first.Length < 2) return false;
        return first.Index().All(at => Math.Abs(at.Item - ((double)at.Index / (first.Length - 1))) < 1e-6)
            || (rows.Length > 1 && Array.TrueForAll(rows, row => row.AsSpan().SequenceEqual(first)));
    }
}
