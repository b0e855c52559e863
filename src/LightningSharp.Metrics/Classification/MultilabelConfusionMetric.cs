using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A metric for several labels made of the confusion matrix.</summary>
public abstract class MultilabelConfusionMetric : ScoreMetric
{
    private readonly MetricState _cells;

    /// <summary>Creates the metric.</summary>
    protected MultilabelConfusionMetric(int numLabels, double threshold, long? ignoreIndex, bool validateArgs)
    {
        InputCheck.Classes(GetName(), numLabels, nameof(numLabels));
        InputCheck.Fraction(GetName(), threshold, nameof(threshold));
        (NumLabels, Threshold, IgnoreIndex, ValidateArgs) = (numLabels, threshold, ignoreIndex, validateArgs);
        _cells = AddState("cells", zeros(numLabels, 2, 2, int64));
    }

    /// <summary>How many labels there are.</summary>
    public int NumLabels { get; }

    /// <summary>Probabilities above it are decisions for a label.</summary>
    public double Threshold { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"label-cells/{NumLabels}/{Threshold:R}/{IgnoreIndex}/{ValidateArgs}/{Scores}";

    /// <summary>The value from counts of shape [labels, 2, 2]: truth by prediction.</summary>
    protected abstract Tensor Score(Tensor cells);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (decisions, truths) = LabelFormat.Multilabel(Reading(preds), preds, target, NumLabels, Threshold, samplewise: false, IgnoreIndex);
        var code = StatCounting.Cells(decisions, truths, IgnoreIndex).Plus(StatCounting.Offsets(NumLabels, 5, preds.device).view(1, NumLabels, 1));
        _cells.Add(Numbers.Count(code, NumLabels * 5L).view(NumLabels, 5).narrow(1, 0, 4).reshape(NumLabels, 2, 2));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Score(_cells.Value);
}
