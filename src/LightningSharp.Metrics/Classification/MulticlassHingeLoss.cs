using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How far predictions are on the wrong side of the margin, for several classes.</summary>
/// <remarks>Mean of max(0, 1 − margin); squared when asked. Scores [N, C, …] outside 0…1 are passed through a softmax as a whole. One value, or one per class for one-vs-all.</remarks>
public sealed class MulticlassHingeLoss : ScoreMetric
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="squared">Whether the distance counts squared.</param>
    /// <param name="multiclassMode">How the margin is measured.</param>
    /// <param name="ignoreIndex">Targets with this value do not count.</param>
    /// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
    public MulticlassHingeLoss(
        int numClasses, bool squared = false, HingeMode multiclassMode = HingeMode.CrammerSinger, long? ignoreIndex = null, bool validateArgs = true)
    {
        InputCheck.Classes(GetName(), numClasses, nameof(numClasses));
        (NumClasses, Squared, MulticlassMode, IgnoreIndex, ValidateArgs) = (numClasses, squared, multiclassMode, ignoreIndex, validateArgs);
        _sum = AddState("sum", multiclassMode == HingeMode.OneVsAll ? zeros(numClasses, float64) : zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>Whether the distance counts squared.</summary>
    public bool Squared { get; }

    /// <summary>How the margin is measured.</summary>
    public HingeMode MulticlassMode { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        if (preds.dim() != target.dim() + 1)
        {
            throw new ArgumentException($"{GetName()} wants preds as scores [N, C, …] and target [N, …]. Received: preds {InputCheck.Shape(preds)}, target {InputCheck.Shape(target)}.");
        }

        LabelFormat.CheckMulticlass(GetName(), preds, target, NumClasses, 1);
        var reading = Reading(preds);
        if (reading.ChecksValues) InputCheck.LabelValues(GetName(), target, "target", NumClasses, IgnoreIndex);
        var scores = reading.ClassProbabilities(preds, target, IgnoreIndex).movedim([1], [-1]).reshape(-1, NumClasses);
        var labels = target.to(int64).flatten();
        var isTrue = labels.unsqueeze(1).eq(Numbers.Range(NumClasses, labels.device));
        var counting = IgnoreIndex is { } index ? labels.IsNot(index) : ones_like(labels, dtype: @bool);
        var loss = HingeFormulas.Loss(Margin(scores, isTrue), Squared);
        var counted = where(MulticlassMode == HingeMode.OneVsAll ? counting.unsqueeze(1) : counting, loss, zeros_like(loss)); // not times zero: what is ignored may be NaN
        _sum.Add(MulticlassMode == HingeMode.OneVsAll ? counted.sum(0L, type: float64) : counted.sum(float64));
        _count.Add(counting.sum());
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Numbers.SafeDivide(_sum.Value, _count.Value).to(float32);

    private Tensor Margin(Tensor scores, Tensor isTrue)
    {
        if (MulticlassMode == HingeMode.OneVsAll) return where(isTrue, scores, scores.neg());
        var low = Numbers.FilledLike(scores, -1); // below every probability
        return where(isTrue, scores, low).amax([1L]).Minus(where(isTrue, low, scores).amax([1L]));
    }
}
