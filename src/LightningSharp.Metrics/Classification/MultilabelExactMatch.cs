using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The share of samples whose labels are all right.</summary>
/// <remarks>Also called subset accuracy. What is ignored counts as right. Inputs as for <see cref="MultilabelAccuracy"/>.</remarks>
public sealed class MultilabelExactMatch : ScoreMetric
{
    private readonly MetricState _right;
    private readonly MetricState? _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="numLabels">How many labels there are.</param>
    /// <param name="threshold">Probabilities above it are decisions for a label.</param>
    /// <param name="multidimAverage">Whether the value is over all samples, or one per sample.</param>
    /// <param name="ignoreIndex">Targets with this value do not count.</param>
    /// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
    public MultilabelExactMatch(
        int numLabels,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true)
    {
        InputCheck.Classes(GetName(), numLabels, nameof(numLabels));
        InputCheck.Fraction(GetName(), threshold, nameof(threshold));
        (NumLabels, Threshold) = (numLabels, threshold);
        (MultidimAverage, IgnoreIndex, ValidateArgs) = (multidimAverage, ignoreIndex, validateArgs);
        if (multidimAverage == MultidimAverage.Samplewise)
        {
            _right = AddListState("right");
            return;
        }

        _right = AddState("right", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>How many labels there are.</summary>
    public int NumLabels { get; }

    /// <summary>Probabilities above it are decisions for a label.</summary>
    public double Threshold { get; }

    /// <summary>Whether the value is over all samples, or one per sample.</summary>
    public MultidimAverage MultidimAverage { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var samplewise = MultidimAverage == MultidimAverage.Samplewise;
        var (labels, truths) = LabelFormat.Multilabel(Reading(preds), preds, target, NumLabels, Threshold, samplewise, IgnoreIndex);
        var every = Matching(labels, truths).all(1).to(float32);
        var right = samplewise ? every.mean([1]) : every.flatten();
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
