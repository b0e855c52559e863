using LightningSharp.Metrics.Classification;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Segmentation;

/// <summary>Twice the overlap of predicted and true masks over their sizes, with small classes counting as much as large ones; mean over samples.</summary>
/// <remarks>
/// Per sample 2 Σ w |P ∩ T| / Σ w (|P| + |T|) over the classes, w = 1/|T|² (C. Sudre et al., 2017). A class that the sample does not have gets the largest weight of
/// the sample's classes. 0 where both sums are 0. Labels of a whole-number type.
/// </remarks>
public sealed class GeneralizedDiceScore : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="includeBackground">Whether class 0 counts.</param>
    /// <param name="perClass">Whether there is one value per class; the weights cancel there.</param>
    /// <param name="weightType">How much each class counts.</param>
    /// <param name="inputFormat">How masks are given.</param>
    public GeneralizedDiceScore(
        int numClasses,
        bool includeBackground = true,
        bool perClass = false,
        DiceWeight weightType = DiceWeight.Square,
        InputFormat inputFormat = InputFormat.OneHot)
    {
        InputCheck.Positive(GetName(), numClasses, nameof(numClasses));
        if (numClasses == 1 && !includeBackground) throw new ArgumentException($"{GetName()} has nothing to measure: one class and no background.", nameof(includeBackground));
        (NumClasses, IncludeBackground, PerClass, WeightType, InputFormat) = (numClasses, includeBackground, perClass, weightType, inputFormat);
        _sum = AddState("sum", perClass ? zeros(includeBackground ? numClasses : numClasses - 1, float64) : zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>Whether class 0 counts.</summary>
    public bool IncludeBackground { get; }

    /// <summary>Whether there is one value per class.</summary>
    public bool PerClass { get; }

    /// <summary>How much each class counts.</summary>
    public DiceWeight WeightType { get; }

    /// <summary>How masks are given.</summary>
    public InputFormat InputFormat { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (both, p, t) = MaskOverlap.Sizes(GetName(), preds, target, NumClasses, IncludeBackground, InputFormat, ChecksValues(preds));
        var (overlap, sizes) = (both.to(float32).mul(Numbers.Two), p.Plus(t).to(float32));
        if (!PerClass)
        {
            var weights = Weights(t.to(float32));
            (overlap, sizes) = (overlap.mul(weights).sum(1), sizes.mul(weights).sum(1));
        }

        _sum.Add(Numbers.SafeDivide(overlap, sizes).sum(0L, type: float64));
        _count.Add(preds.size(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _sum.Value.div(_count.Value).to(float32);

    private Tensor Weights(Tensor support)
    {
        if (WeightType == DiceWeight.Linear) return ones_like(support);
        var weights = (WeightType == DiceWeight.Square ? support.square() : support).reciprocal();
        var missing = weights.isinf();
        var known = where(missing, zeros_like(weights), weights);
        return where(missing, known.amax([1L], keepdim: true).expand_as(weights), weights);
    }
}
