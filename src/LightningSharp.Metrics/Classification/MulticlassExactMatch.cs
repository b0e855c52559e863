using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The share of samples whose positions are all right.</summary>
/// <remarks>Also called subset accuracy. What is ignored counts as right. Inputs as for <see cref="MulticlassAccuracy"/>, with at least one dimension beyond the batch.</remarks>
public sealed class MulticlassExactMatch : ScoreMetric
{
    private readonly MetricState _right;
    private readonly MetricState? _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="multidimAverage">Whether the value is over all samples, or one per sample.</param>
    /// <param name="ignoreIndex">Targets with this value do not count.</param>
    /// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
    public MulticlassExactMatch(
        int numClasses,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true)
    {
        InputCheck.Classes(GetName(), numClasses, nameof(numClasses));
        NumClasses = numClasses;
        (MultidimAverage, IgnoreIndex, ValidateArgs) = (multidimAverage, ignoreIndex, validateArgs);
        if (multidimAverage == MultidimAverage.Samplewise)
        {
            _right = AddListState("right");
            return;
        }

        _right = AddState("right", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>Whether the value is over all samples, or one per sample.</summary>
    public MultidimAverage MultidimAverage { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (labels, truths) = LabelFormat.Multiclass(Reading(preds), preds, target, NumClasses, 1, samplewise: true, IgnoreIndex);
        var right = Matching(labels, truths).all(1).to(float32);
        if (_count is null)
        {
            _right.Append(right);
            return;
        }

        _right.Add(right.sum());
        _count.Add(right.numel());
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _count is null ? _right.Cat() : Numbers.SafeDivide(_right.Value, _count.Value).to(float32);

    private Tensor Matching(Tensor labels, Tensor truths)
    {
        var same = labels.eq(truths);
        return IgnoreIndex is { } index ? same.logical_or(truths.IsNot(index).logical_not()) : same;
    }
}
