using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>True and false, positive and negative decisions of each group of people or things. Inputs: predictions, targets, groups 0 … numGroups − 1.</summary>
public abstract class GroupStatMetric : Metric<Tensor, Tensor, Tensor>
{
    private readonly MetricState _counts;

    /// <summary>Creates the metric.</summary>
    protected GroupStatMetric(int numGroups, double threshold, long? ignoreIndex, bool validateArgs)
    {
        InputCheck.Classes(GetName(), numGroups, nameof(numGroups));
        InputCheck.Fraction(GetName(), threshold, nameof(threshold));
        (NumGroups, Threshold, IgnoreIndex, ValidateArgs) = (numGroups, threshold, ignoreIndex, validateArgs);
        _counts = AddState("counts", zeros(numGroups, 4, int64));
    }

    /// <summary>How many groups there are.</summary>
    public int NumGroups { get; }

    /// <summary>Probabilities above it are decisions for the positive class.</summary>
    public double Threshold { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc cref="ScoreMetric.Scores"/>
    public ScoreKind Scores { get; init; }

    /// <summary>The counts, each of shape [groups].</summary>
    protected StatCounts Counts
    {
        get
        {
            var cells = _counts.Value; // by code: true negative, false positive, false negative, true positive
            return new(cells.select(1, 3), cells.select(1, 1), cells.select(1, 0), cells.select(1, 2));
        }
    }

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target, Tensor groups)
    {
        InputCheck.SameShape(GetName(), preds, groups);
        InputCheck.WholeNumbers(GetName(), groups, "groups");
        var check = ChecksValues(preds);
        if (check) InputCheck.LabelValues(GetName(), groups, "groups", NumGroups, null);
        var (decisions, truths) = LabelFormat.Binary(new(GetName(), Scores, check), preds, target, Threshold, samplewise: false, IgnoreIndex);
        using var width = Numbers.Number(5, preds.device);
        var code = StatCounting.Cells(decisions, truths, IgnoreIndex).flatten().Plus(groups.to(int64).flatten().mul(width));
        _counts.Add(Numbers.Count(code, NumGroups * 5L).view(NumGroups, 5).narrow(1, 0, 4));
    }
}
