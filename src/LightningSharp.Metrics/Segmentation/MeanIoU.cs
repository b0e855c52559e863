using LightningSharp.Metrics.Classification;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Segmentation;

/// <summary>Overlap of predicted and true masks over their union, per class and sample, then averaged.</summary>
/// <remarks>|P ∩ T| / |P ∪ T|, 0 for a class in neither mask; mean over classes (unless perClass) and samples. Labels of a whole-number type.</remarks>
public sealed class MeanIoU : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="includeBackground">Whether class 0 counts.</param>
    /// <param name="perClass">Whether there is one value per class.</param>
    /// <param name="inputFormat">How masks are given.</param>
    public MeanIoU(
        int numClasses,
        bool includeBackground = true,
        bool perClass = false,
        InputFormat inputFormat = InputFormat.OneHot)
    {
        InputCheck.Positive(GetName(), numClasses, nameof(numClasses));
        if (numClasses == 1 && !includeBackground) throw new ArgumentException($"{GetName()} has nothing to measure: one class and no background.", nameof(includeBackground));
        (NumClasses, IncludeBackground, PerClass, InputFormat) = (numClasses, includeBackground, perClass, inputFormat);
        _sum = AddState("sum", perClass ? zeros(includeBackground ? numClasses : numClasses - 1, float64) : zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>Whether class 0 counts.</summary>
    public bool IncludeBackground { get; }

    /// <summary>Whether there is one value per class.</summary>
    public bool PerClass { get; }

    /// <summary>How masks are given.</summary>
    public InputFormat InputFormat { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (both, p, t) = MaskOverlap.Sizes(GetName(), preds, target, NumClasses, IncludeBackground, InputFormat, ChecksValues(preds));
        var values = Numbers.SafeDivide(both, p.Plus(t).Minus(both));
        _sum.Add((PerClass ? values : values.mean([1L])).sum(0L, type: float64));
        _count.Add(preds.size(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _sum.Value.div(_count.Value).to(float32);
}
