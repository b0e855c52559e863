using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A metric for two classes made of the confusion matrix.</summary>
public abstract class BinaryConfusionMetric : ScoreMetric
{
    private readonly MetricState _cells;

    /// <summary>Creates the metric.</summary>
    protected BinaryConfusionMetric(double threshold, long? ignoreIndex, bool validateArgs)
    {
        InputCheck.Fraction(GetName(), threshold, nameof(threshold));
        (Threshold, IgnoreIndex, ValidateArgs) = (threshold, ignoreIndex, validateArgs);
        _cells = AddState("cells", zeros(2, 2, int64));
    }

    /// <summary>Probabilities above it are decisions for the positive class.</summary>
    public double Threshold { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"binary-cells/{Threshold:R}/{IgnoreIndex}/{ValidateArgs}/{Scores}";

    /// <summary>The value from counts of shape [2, 2]: truth by prediction.</summary>
    protected abstract Tensor Score(Tensor cells);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (decisions, truths) = LabelFormat.Binary(Reading(preds), preds, target, Threshold, samplewise: false, IgnoreIndex);
        _cells.Add(Numbers.Count(StatCounting.Cells(decisions, truths, IgnoreIndex), 5).narrow(0, 0, 4).view(2, 2));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Score(_cells.Value);
}
