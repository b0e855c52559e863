using LightningSharp.Metrics.Classification;
using ScottPlot;
using ScottPlot.Plottables;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Plotting.Tests;

/// <summary>Which points of a curve are drawn.</summary>
public class RatePlotsTests
{
    private static readonly (double X, double Y) Origin = (0, 0);

    [Fact]
    public void Thresholds_that_no_score_reaches_draw_no_line_to_the_origin()
    {
        using var scope = NewDisposeScope();
        using var curve = new BinaryPrecisionRecallCurve(thresholds: 11);
        curve.Update(Scores, Labels);
        var computed = curve.Compute();
        Assert.Contains(Origin, Pairs(computed)); // the metric says 0 where nothing is predicted, as torchmetrics does

        var drawn = Drawn(RatePlots.PrecisionRecall(computed));

        Assert.Equal(Pairs(computed).Where(point => point != Origin), drawn);
        Assert.Equal((0.0, 1.0), drawn[^1]);
    }

    [Fact]
    public void Thresholds_that_several_curves_share_were_given_however_they_lie()
    {
        using var scope = NewDisposeScope();
        using var curves = new MultilabelPrecisionRecallCurve(2, thresholds: new[] { 0.1, 0.2, 0.65, 0.9 });
        curves.Update(stack([Scores, Scores.neg().add(1)], 1), stack([Labels, Labels], 1));

        var plot = RatePlots.PrecisionRecall(curves.Compute());

        Assert.DoesNotContain(Origin, Drawn(plot, 0));
        Assert.DoesNotContain(Origin, Drawn(plot, 1));
    }

    [Fact]
    public void Thresholds_of_one_curve_that_lie_anyhow_are_left_out_on_request()
    {
        using var scope = NewDisposeScope();
        using var curve = new BinaryPrecisionRecallCurve(thresholds: new[] { 0.1, 0.65, 0.9 });
        curve.Update(Scores, Labels);

        Assert.Contains(Origin, Drawn(RatePlots.PrecisionRecall(curve.Compute())));
        Assert.DoesNotContain(Origin, Drawn(RatePlots.PrecisionRecall(curve.Compute(), binned: true)));
    }

    [Fact]
    public void An_exact_curve_whose_best_score_is_wrong_keeps_its_point_at_the_origin()
    {
        using var scope = NewDisposeScope();
        using var curve = new BinaryPrecisionRecallCurve();
        curve.Update(tensor(new[] { 0.3f, 0.8f, 0.95f }), tensor(new long[] { 0, 1, 0 }));

        Assert.Contains(Origin, Drawn(RatePlots.PrecisionRecall(curve.Compute())));
    }

    [Fact]
    public void A_ROC_curve_starts_at_the_origin()
    {
        using var scope = NewDisposeScope();
        using var curve = new BinaryROC(thresholds: 11);
        curve.Update(Scores, Labels);

        Assert.Contains(Origin, Drawn(RatePlots.Roc(curve.Compute())));
    }

    private static Tensor Scores => tensor(new[] { 0.15f, 0.35f, 0.45f, 0.62f });

    private static Tensor Labels => tensor(new long[] { 0, 1, 0, 1 });

    private static List<(double X, double Y)> Pairs(Tensor computed)
    {
        var rows = computed.to(float64).data<double>().ToArray();
        var points = rows.Length / 3;
        return [.. Enumerable.Range(0, points).Select(i => (rows[points + i], rows[i]))];
    }

    private static List<(double X, double Y)> Drawn(Plot plot, int curve = 0)
        => [.. plot.GetPlottables<Scatter>().ElementAt(curve).Data.GetScatterPoints().Select(point => (point.X, point.Y))];
}
