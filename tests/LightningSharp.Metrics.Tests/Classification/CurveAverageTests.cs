using LightningSharp.Metrics.Classification;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests.Classification;

public class CurveAverageTests
{
    [Fact]
    public void Micro_is_the_curve_of_all_decisions_in_one_pot()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = Data();
        using var roc = new MulticlassROC(3);
        using var pooled = new BinaryROC();
        roc.Update(scores, labels);
        pooled.Update(scores.flatten(), nn.functional.one_hot(labels, 3).flatten());

        var micro = roc.ComputeAverage(Average.Micro);

        Same.Values(pooled.Compute()[0], micro.First);
        Same.Values(pooled.Compute()[1], micro.Second);
    }

    [Fact]
    public void Macro_has_the_mean_of_the_areas()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = Data();
        using var roc = new MulticlassROC(3);
        using var area = new MulticlassAUROC(3);
        roc.Update(scores, labels);
        area.Update(scores, labels);

        var macro = roc.ComputeAverage(Average.Macro);

        Assert.Equal(area.Compute().to(float64).ToDouble(), trapezoid(macro.Second, macro.First).to(float64).ToDouble(), 0.02); // upright steps lean to the next point of the grid
        Assert.Equal(1, macro.Second[-1].to(float64).ToDouble(), 6);
    }

    [Fact]
    public void Of_equal_curves_the_mean_is_the_curve()
    {
        using var scope = NewDisposeScope();
        var scores = rand(50, 1).expand(50, 2).contiguous();
        var labels = randint(2, [50, 1], int64).expand(50, 2).contiguous();
        using var curves = new MultilabelPrecisionRecallCurve(2);
        using var one = new BinaryAveragePrecision();
        curves.Update(scores, labels);
        one.Update(scores.select(1, 0), labels.select(1, 0));

        var macro = curves.ComputeAverage(Average.Macro);

        var best = curves.ComputeCurves()[0];
        for (var i = 0; i < macro.Second.size(0); i++)
        {
            var recall = macro.Second[i].to(float64).ToDouble();
            var there = best.First.masked_select(best.Second.eq(macro.Second[i])).max().to(float64).ToDouble();
            Assert.Equal(there, macro.First[i].to(float64).ToDouble(), 5);
        }
    }

    [Fact]
    public void Another_average_is_refused()
    {
        using var roc = new MultilabelROC(2);

        Assert.Contains("Weighted", Assert.Throws<ArgumentException>(() => roc.ComputeAverage(Average.Weighted)).Message, StringComparison.Ordinal);
    }

    private static (Tensor Scores, Tensor Labels) Data()
    {
        random.manual_seed(3);
        var labels = randint(3, [400], int64);
        return (randn(400, 3).add(nn.functional.one_hot(labels, 3)).softmax(1), labels);
    }
}
