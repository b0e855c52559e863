using System.Xml.Linq;
using LightningSharp.Logging;
using ScottPlot;
using SkiaSharp;

namespace LightningSharp.Plotting.Tests;

public sealed class PlotsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ls-plot-").FullName;

    public void Dispose()
    {
        // LIGHTNINGSHARP_KEEP_PLOTS names a folder for people who want to look at them
        if (Environment.GetEnvironmentVariable("LIGHTNINGSHARP_KEEP_PLOTS") is { Length: > 0 } keep)
        {
            foreach (var file in Directory.GetFiles(_folder))
            {
                File.Copy(file, Path.Combine(keep, Path.GetFileName(file)), overwrite: true);
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Learning_curves_are_drawn_with_gaps_for_what_is_not_finite()
    {
        var plot = Plots.LearningCurves(
        [
            new("train", [.. Enumerable.Range(0, 300).Select(i => ((long)i, i == 150 ? double.NaN : Math.Exp(-i / 100.0)))]),
            new("val", [.. Enumerable.Range(0, 10).Select(i => ((long)i * 30, Math.Exp(-i / 4.0) + 0.1))]),
            new("nothing", [(1, double.NaN)]),
        ]);

        Assert.Equal(2, plot.GetPlottables().Count());
        Drawn(plot, "curves");
    }

    [Fact]
    public void A_logarithmic_axis_leaves_out_what_has_no_logarithm()
        => Drawn(Plots.LearningCurves([new("a", [(0, 10), (1, 0), (2, 1), (3, 0.01), (4, 0.001)])], logarithmic: true), "log");

    [Fact]
    public void The_learning_rate_and_the_finder_are_drawn()
    {
        var rates = Enumerable.Range(0, 100).Select(i => Math.Pow(10, -8 + (i * 0.08))).ToArray();
        var losses = rates.Select(r => r < 0.01 ? 2.3 - (200 * r) : 0.3 + (r * 5)).ToArray();

        Drawn(Plots.LearningRate([.. Enumerable.Range(0, 100).Select(i => ((long)i, 1e-3 * (1 - (i / 100.0))))]), "lr");
        Drawn(Plots.LearningRateFinder(rates, losses, 2.1e-3), "finder");
    }

    [Fact]
    public void Rates_and_losses_of_different_number_are_refused()
        => Assert.Throws<ArgumentException>(() => Plots.LearningRateFinder([1, 2], [1]));

    [Fact]
    public void A_histogram_is_drawn()
        => Drawn(Plots.Histogram(HistogramData.Of([.. Enumerable.Range(0, 1000).Select(i => (float)Math.Sin(i))]), "conv1.weight"), "histogram");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_confusion_matrix_has_its_diagonal_from_the_upper_left_and_a_number_in_each_cell(bool normalize)
    {
        var counts = new double[10, 10];
        for (var i = 0; i < 10; i++)
        {
            counts[i, i] = 90 + i;
            counts[i, (i + 3) % 10] = 7;
        }

        var plot = ConfusionMatrixPlot.Create(counts, [.. "zero one two three four five six seven eight nine".Split(' ')], normalize);

        var first = plot.GetPlottables<ScottPlot.Plottables.Text>().First(t => t.LabelText is "90" or "0.93");
        Assert.Equal((0.0, 9.0), (first.Location.X, first.Location.Y));
        Assert.Equal(100, plot.GetPlottables<ScottPlot.Plottables.Text>().Count());
        Drawn(plot, normalize ? "confusion-shares" : "confusion");
    }

    [Fact]
    public void A_matrix_that_is_not_square_is_refused()
        => Assert.Throws<ArgumentException>(() => ConfusionMatrixPlot.Create(new double[2, 3]));

    [Fact]
    public void The_grid_of_mistakes_shows_the_pixels_of_each_example()
    {
        var red = new ImageData(2, 2, 3, new byte[] { 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0 });
        var grey = new ImageData(1, 1, 1, new byte[] { 77 });
        var grid = new MistakeGrid([.. Enumerable.Range(0, 8).Select(i => new Mistake(i == 0 ? red : grey, "cat", "a dog with a very long name", 0.98))], columns: 4);

        grid.SavePng(Path.Combine(_folder, "grid.png"));
        grid.SaveSvg(Path.Combine(_folder, "grid.svg"));
        var image = grid.ToImage();

        using var bitmap = SKBitmap.Decode(Path.Combine(_folder, "grid.png"));
        Assert.Equal((grid.Width, grid.Height), (bitmap.Width, bitmap.Height));
        Assert.Equal(new SKColor(255, 0, 0), bitmap.GetPixel(20, 20));
        Assert.Equal(new SKColor(77, 77, 77), bitmap.GetPixel(10 + 122 + 5, 20));
        Assert.Equal("svg", XDocument.Load(Path.Combine(_folder, "grid.svg")).Root!.Name.LocalName);
        Assert.Equal(255, image.Pixels.Span[((20 * grid.Width) + 20) * 4]);
    }

    private void Drawn(Plot plot, string name)
    {
        var png = Path.Combine(_folder, name + ".png");
        var svg = Path.Combine(_folder, name + ".svg");
        plot.SavePng(png, 700, 480);
        plot.SaveSvg(svg, 700, 480);

        using var bitmap = SKBitmap.Decode(png);
        Assert.Equal((700, 480), (bitmap.Width, bitmap.Height));
        Assert.True(bitmap.Pixels.Distinct().Count() > 20, "the picture is empty");
        Assert.Contains(XDocument.Load(svg).Descendants(), e => e.Name.LocalName is "path" or "text" or "image");
    }
}
