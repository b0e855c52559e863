using System.Globalization;
using LightningSharp.Logging;
using ScottPlot;
using static TorchSharp.torch;

namespace LightningSharp.Plotting;

/// <summary>The picture of a confusion matrix.</summary>
public static class ConfusionMatrixPlot
{
    private const int MostLabelledClasses = 30;

    /// <summary>Rows are the true classes, columns the predicted ones; every cell shows its count, or its share of the row.</summary>
    /// <param name="counts">[true, predicted], square.</param>
    /// <param name="classNames">One per class; null for numbers.</param>
    /// <param name="normalize">Whether to show and colour shares of each row instead of counts.</param>
    /// <param name="title">Above the picture.</param>
    public static Plot Create(double[,] counts, IReadOnlyList<string>? classNames = null, bool normalize = false, string title = "Confusion matrix")
    {
        ArgumentNullException.ThrowIfNull(counts);
        var n = counts.GetLength(0);
        if (n == 0 || counts.GetLength(1) != n || (classNames is not null && classNames.Count != n))
        {
            throw new ArgumentException(
                $"A confusion matrix is square and has one name per class; received {n} x {counts.GetLength(1)} and {classNames?.Count.ToString(CultureInfo.InvariantCulture) ?? "no"} names.",
                nameof(counts));
        }

        var shown = normalize ? Shares(counts) : counts;
        var plot = Plots.New(title, "predicted", "true");
        AddCells(plot, shown);
        if (n <= MostLabelledClasses)
        {
            AddNumbers(plot, shown, normalize);
        }

        Name(plot, n, classNames);
        plot.Axes.SetLimits(-0.5, n - 0.5, -0.5, n - 0.5);
        plot.HideGrid();
        return plot;
    }

    /// <summary>The same from a tensor [true, predicted], as a confusion-matrix metric computes it; it is copied to the host.</summary>
    /// <inheritdoc cref="Create(double[,], IReadOnlyList{string}?, bool, string)"/>
    public static Plot Create(Tensor counts, IReadOnlyList<string>? classNames = null, bool normalize = false, string title = "Confusion matrix")
    {
        ArgumentNullException.ThrowIfNull(counts);
        var shape = counts.shape;
        if (shape.Length != 2)
            throw new ArgumentException($"A confusion matrix is a tensor [true, predicted]; received [{string.Join(", ", shape)}]. Draw the labels of a multilabel one by one: matrix[label].", nameof(counts));
        using var host = counts.detach().to(ScalarType.Float64).cpu().contiguous();
        var values = host.data<double>().ToArray();
        var grid = new double[shape[0], shape[1]];
        Buffer.BlockCopy(values, 0, grid, 0, values.Length * sizeof(double));
        return Create(grid, classNames, normalize, title);
    }

    private static double[,] Shares(double[,] counts)
    {
        var n = counts.GetLength(0);
        var shares = new double[n, n];
        for (var row = 0; row < n; row++)
        {
            var sum = 0.0;
            for (var column = 0; column < n; column++)
            {
                sum += counts[row, column];
            }

            for (var column = 0; column < n; column++)
            {
                shares[row, column] = sum == 0 ? 0 : counts[row, column] / sum;
            }
        }

        return shares;
    }

    /// <summary>Rectangles, not a heat map: in an SVG that would be a small picture which viewers blur.</summary>
    private static void AddCells(Plot plot, double[,] shown)
    {
        var n = shown.GetLength(0);
        var largest = Math.Max(shown.Cast<double>().Max(), double.Epsilon);
        for (var row = 0; row < n; row++)
        {
            for (var column = 0; column < n; column++)
            {
                var cell = plot.Add.Rectangle(column - 0.5, column + 0.5, n - 1.5 - row, n - 0.5 - row);
                cell.FillColor = Colors.White.MixedWith(Color.FromHex("#08306b"), Math.Clamp(shown[row, column] / largest, 0, 1));
                cell.LineWidth = 0;
            }
        }
    }

    private static void AddNumbers(Plot plot, double[,] shown, bool normalize)
    {
        var n = shown.GetLength(0);
        var largest = shown.Cast<double>().Max();
        for (var row = 0; row < n; row++)
        {
            for (var column = 0; column < n; column++)
            {
                var value = shown[row, column];
                var text = plot.Add.Text(value.ToString(normalize ? "0.00" : "0.####", CultureInfo.InvariantCulture), column, n - 1 - row);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontSize = Math.Clamp(160f / n, 7, 16);
                text.LabelFontColor = value > largest / 2 ? Colors.White : Colors.Black;
            }
        }
    }

    private static void Name(Plot plot, int n, IReadOnlyList<string>? names)
    {
        var labels = Enumerable.Range(0, n).Select(i => names is null ? i.ToString(CultureInfo.InvariantCulture) : TextEscape.ForConsole(names[i])).ToArray();
        var stride = 1 + (n / MostLabelledClasses);
        var shown = Enumerable.Range(0, n).Where(i => i % stride == 0).ToArray();
        plot.Axes.Bottom.SetTicks([.. shown.Select(i => (double)i)], [.. shown.Select(i => labels[i])]);
        plot.Axes.Left.SetTicks([.. shown.Select(i => (double)(n - 1 - i))], [.. shown.Select(i => labels[i])]);
        if (labels.Max(l => l.Length) > 4)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = -45;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            plot.Axes.Bottom.MinimumSize = 80;
        }
    }
}
