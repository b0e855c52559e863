using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A multilabel metric made of true and false positives and negatives of each label.</summary>
public abstract class MultilabelStatMetric : ScoreMetric
{
    private readonly MetricState _counts;

    /// <summary>Creates the metric.</summary>
    protected MultilabelStatMetric(int numLabels, double threshold, Average average, MultidimAverage multidimAverage, long? ignoreIndex, bool validateArgs)
    {
        InputCheck.Classes(GetName(), numLabels, nameof(numLabels));
        InputCheck.Fraction(GetName(), threshold, nameof(threshold));
        (NumLabels, Threshold, Average, MultidimAverage) = (numLabels, threshold, average, multidimAverage);
        (IgnoreIndex, ValidateArgs) = (ignoreIndex, validateArgs);
        _counts = multidimAverage == MultidimAverage.Global ? AddState("counts", zeros(4, numLabels, int64)) : AddListState("counts");
    }

    /// <summary>How many labels there are.</summary>
    public int NumLabels { get; }

    /// <summary>Probabilities above it are decisions for a label.</summary>
    public double Threshold { get; }

    /// <summary>How the labels' values become one.</summary>
    public Average Average { get; }

    /// <summary>What happens with dimensions beyond batch and label.</summary>
    public MultidimAverage MultidimAverage { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"label-counts/{NumLabels}/{Threshold:R}/{MultidimAverage}/{IgnoreIndex}/{ValidateArgs}/{Scores}";

    /// <summary>The value from counts of shape [labels] or [samples, labels].</summary>
    protected abstract Tensor Score(StatCounts counts);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var samplewise = MultidimAverage == MultidimAverage.Samplewise;
        var (decisions, truths) = LabelFormat.Multilabel(Reading(preds), preds, target, NumLabels, Threshold, samplewise, IgnoreIndex);
        var counts = StatCounting.CountLabels(decisions, truths, IgnoreIndex);
        if (samplewise) _counts.Append(counts);
        else _counts.Add(counts.squeeze(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Score(StatCounts.Of(_counts.IsList ? _counts.Cat() : _counts.Value));
}
