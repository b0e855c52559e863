using LightningSharp.Metrics.Classification;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Segmentation;

/// <summary>Twice the overlap of predicted and true masks over their sizes, per sample, then averaged over samples.</summary>
/// <remarks>2 |P ∩ T| / (|P| + |T|). L. Dice, 1945. A class with neither counts as zeroDivision; NaN there leaves it out. Labels of a whole-number type.</remarks>
public sealed class DiceScore : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="includeBackground">Whether class 0 counts.</param>
    /// <param name="average">How the classes of a sample become one.</param>
    /// <param name="zeroDivision">The value of a class that is in neither mask.</param>
    /// <param name="inputFormat">How masks are given.</param>
    public DiceScore(
        int numClasses,
        bool includeBackground = true,
        Average average = Average.Micro,
        double zeroDivision = 1,
        InputFormat inputFormat = InputFormat.OneHot)
    {
        InputCheck.Positive(GetName(), numClasses, nameof(numClasses));
        if (numClasses == 1 && !includeBackground) throw new ArgumentException($"{GetName()} has nothing to measure: one class and no background.", nameof(includeBackground));
        (NumClasses, IncludeBackground, Average, ZeroDivision, InputFormat) = (numClasses, includeBackground, average, zeroDivision, inputFormat);
        _sum = AddState("sum", average == Average.None ? zeros(includeBackground ? numClasses : numClasses - 1, float64) : zeros([], float64));
        _count = AddState("count", average == Average.None ? zeros(includeBackground ? numClasses : numClasses - 1, float64) : zeros([], float64));
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>Whether class 0 counts.</summary>
    public bool IncludeBackground { get; }

    /// <summary>How the classes of a sample become one.</summary>
    public Average Average { get; }

    /// <summary>The value of a class that is in neither mask.</summary>
    public double ZeroDivision { get; }

    /// <summary>How masks are given.</summary>
    public InputFormat InputFormat { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (both, p, t) = MaskOverlap.Sizes(GetName(), preds, target, NumClasses, IncludeBackground, InputFormat, ChecksValues(preds));
        var values = Scores(both.mul(Numbers.Two), p.Plus(t), t);
        var known = values.isnan().logical_not();
        _sum.Add(values.nan_to_num().sum(0L, type: float64));
        _count.Add(known.sum(0L).to(float64));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _sum.Value.div(_count.Value).to(float32);

    private Tensor Scores(Tensor overlap, Tensor sizes, Tensor support)
    {
        if (Average == Average.Micro) return Numbers.SafeDivide(overlap.sum(-1), sizes.sum(-1), ZeroDivision);
        var perClass = Numbers.SafeDivide(overlap, sizes, ZeroDivision);
        return Average switch
        {
            Average.Macro => perClass.mean([-1L]),
            Average.Weighted => perClass.mul(Numbers.SafeDivide(support, support.sum(-1, keepdim: true), ZeroDivision)).sum(-1),
            _ => perClass,
        };
    }
}
