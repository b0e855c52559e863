using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A binary metric made of true and false positives and negatives.</summary>
public abstract class BinaryStatMetric : ScoreMetric
{
    private readonly MetricState _counts;

    /// <summary>Creates the metric.</summary>
    protected BinaryStatMetric(double threshold, MultidimAverage multidimAverage, long? ignoreIndex, bool validateArgs)
    {
        InputCheck.Fraction(GetName(), threshold, nameof(threshold));
        (Threshold, MultidimAverage, IgnoreIndex, ValidateArgs) = (threshold, multidimAverage, ignoreIndex, validateArgs);
        _counts = multidimAverage == MultidimAverage.Global ? AddState("counts", zeros(4, 1, int64)) : AddListState("counts");
    }

    /// <summary>Probabilities above it are decisions for the positive class.</summary>
    public double Threshold { get; }

    /// <summary>What happens with dimensions beyond the batch.</summary>
    public MultidimAverage MultidimAverage { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"binary-counts/{Threshold:R}/{MultidimAverage}/{IgnoreIndex}/{ValidateArgs}/{Scores}";

    /// <summary>The value: of shape [] or [samples] from counts of that shape.</summary>
    protected abstract Tensor Score(StatCounts counts);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var samplewise = MultidimAverage == MultidimAverage.Samplewise;
        var (decisions, truths) = LabelFormat.Binary(Reading(preds), preds, target, Threshold, samplewise, IgnoreIndex);
        var counts = StatCounting.CountLabels(decisions, truths, IgnoreIndex);
        if (samplewise) _counts.Append(counts);
        else _counts.Add(counts.squeeze(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Score(StatCounts.Of(_counts.IsList ? _counts.Cat() : _counts.Value).OverClasses());
}
