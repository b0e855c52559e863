using System.Globalization;
using LightningSharp.Logging;
using ScottPlot;

namespace LightningSharp.Plotting;

/// <summary>
/// The usual pictures of a training. Each method returns a ScottPlot <see cref="Plot"/>, so that it can be adjusted before it is saved:
/// <c>plot.SavePng(path, width, height)</c> or <c>plot.SaveSvg(path, width, height)</c>. Works without a display; text needs a font on the system.
/// </summary>
/// <example><code>Plots.LearningCurves([new("train", logger.Series("train_loss")), new("val", logger.Series("val_loss"))]).SavePng("loss.png", 800, 500);</code></example>
public static class Plots
{
    /// <summary>Values over steps, any number of lines in one picture.</summary>
    /// <param name="curves">The lines; those without a finite point are left out.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="yLabel">Beside the vertical axis.</param>
    /// <param name="logarithmic">Whether the vertical axis is logarithmic; values of zero and below are left out then.</param>
    public static Plot LearningCurves(IReadOnlyList<Curve> curves, string title = "Learning curves", string yLabel = "loss", bool logarithmic = false)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var plot = New(title, "step", yLabel);
        foreach (var curve in curves)
        {
            AddLine(plot, curve, logarithmic);
        }

        if (logarithmic)
        {
            LogTicks(plot.Axes.Left);
        }

        // one line needs no name: the title says it
        plot.Legend.IsVisible = curves.Count > 1;
        plot.Legend.Alignment = Alignment.UpperRight;

        return plot;
    }

    /// <summary>The learning rate over steps.</summary>
    public static Plot LearningRate(IReadOnlyList<(long Step, double Value)> points, string title = "Learning rate")
        => LearningCurves([new("lr", points)], title, "learning rate");

    /// <summary>The loss over the learning rate, from the finder, with a mark at the suggestion.</summary>
    /// <param name="learningRates">The rates tried, rising.</param>
    /// <param name="losses">The loss at each; what is not finite is left out.</param>
    /// <param name="suggestion">The suggested rate, null for none.</param>
    public static Plot LearningRateFinder(IReadOnlyList<double> learningRates, IReadOnlyList<double> losses, double? suggestion = null)
    {
        ArgumentNullException.ThrowIfNull(learningRates);
        ArgumentNullException.ThrowIfNull(losses);
        if (learningRates.Count != losses.Count)
        {
            throw new ArgumentException($"There must be one loss for each learning rate; received {learningRates.Count} rates and {losses.Count} losses.", nameof(losses));
        }

        var plot = New("Learning-rate finder", "learning rate", "loss");
        var points = learningRates.Zip(losses).Where(p => p.First > 0 && double.IsFinite(p.Second)).ToList();
        var line = plot.Add.ScatterLine(points.Select(p => Math.Log10(p.First)).ToArray(), points.Select(p => p.Second).ToArray());
        line.LineWidth = 2;
        LogTicks(plot.Axes.Bottom);
        if (suggestion is { } rate && points.Count > 0)
        {
            var nearest = points.MinBy(p => Math.Abs(Math.Log10(p.First) - Math.Log10(rate)));
            plot.Add.Marker(Math.Log10(nearest.First), nearest.Second, MarkerShape.FilledCircle, 12, Colors.Red);
            var text = plot.Add.Text(rate.ToString("0.##E+0", CultureInfo.InvariantCulture), Math.Log10(nearest.First), nearest.Second);
            (text.LabelFontColor, text.LabelAlignment, text.OffsetY) = (Colors.Red, Alignment.LowerCenter, -10);
        }

        return plot;
    }

    /// <summary>A histogram as bars.</summary>
    public static Plot Histogram(HistogramData histogram, string title)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var plot = New(title, "value", "count");
        var left = histogram.Min;
        List<Bar> bars = [];
        for (var i = 0; i < histogram.Limits.Count; i++)
        {
            var width = Math.Max(histogram.Limits[i] - left, 1e-12);
            bars.Add(new() { Position = left + (width / 2), Value = histogram.Counts[i], Size = width, FillColor = Colors.C0, LineWidth = 0 });
            left = histogram.Limits[i];
        }

        plot.Add.Bars(bars);
        plot.Axes.Margins(bottom: 0);
        return plot;
    }

    internal static Plot New(string title, string xLabel, string yLabel)
    {
        var plot = new Plot();
        plot.Font.Set(SkiaSharp.SKTypeface.Default.FamilyName);
        plot.Title(TextEscape.ForConsole(title));
        plot.XLabel(xLabel);
        plot.YLabel(TextEscape.ForConsole(yLabel));
        return plot;
    }

    private static void AddLine(Plot plot, Curve curve, bool logarithmic)
    {
        List<double> xs = [], ys = [];
        var any = false;
        foreach (var (step, value) in curve.Points)
        {
            var usable = double.IsFinite(value) && (!logarithmic || value > 0);
            any |= usable;
            xs.Add(step);
            ys.Add(!usable ? double.NaN : logarithmic ? Math.Log10(value) : value);
        }

        if (!any)
        {
            return;
        }

        // many points hide each other's markers; a few need them
        var line = xs.Count > 60 ? plot.Add.ScatterLine(xs.ToArray(), ys.ToArray()) : plot.Add.Scatter(xs.ToArray(), ys.ToArray());
        line.LegendText = TextEscape.ForConsole(curve.Name);
        line.LineWidth = 2;
    }

    private static void LogTicks(IAxis axis)
    {
        axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            IntegerTicksOnly = true,
            LabelFormatter = power => Math.Pow(10, power).ToString(power is > -4 and < 4 ? "0.####" : "0E+0", CultureInfo.InvariantCulture),
        };
    }
}
