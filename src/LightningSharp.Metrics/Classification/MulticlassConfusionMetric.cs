using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A metric for several classes made of the confusion matrix.</summary>
public abstract class MulticlassConfusionMetric : ScoreMetric
{
    private readonly MetricState _cells;

    /// <summary>Creates the metric.</summary>
    protected MulticlassConfusionMetric(int numClasses, long? ignoreIndex, bool validateArgs)
    {
        InputCheck.Classes(GetName(), numClasses, nameof(numClasses));
        (NumClasses, IgnoreIndex, ValidateArgs) = (numClasses, ignoreIndex, validateArgs);
        _cells = AddState("cells", zeros(numClasses, numClasses, int64));
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"class-cells/{NumClasses}/{IgnoreIndex}/{ValidateArgs}/{Scores}";

    /// <summary>The value from counts of shape [classes, classes]: truth by prediction.</summary>
    protected abstract Tensor Score(Tensor cells);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (labels, truths) = LabelFormat.Multiclass(Reading(preds), preds, target, NumClasses, 1, samplewise: false, IgnoreIndex);
        _cells.Add(Cells(labels, truths));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Score(_cells.Value);

    /// <summary>One bin per cell and one for what is ignored.</summary>
    private Tensor Cells(Tensor labels, Tensor truths)
    {
        var cells = NumClasses * NumClasses;
        using var width = Numbers.Number(NumClasses, labels.device);
        var code = truths.mul(width).Plus(labels);
        if (IgnoreIndex is { } index)
        {
            using var ignored = Numbers.Number(index, labels.device);
            using var last = Numbers.Number(cells, labels.device);
            code = where(truths.eq(ignored), last, code);
        }

        return Numbers.Count(code, cells + 1).narrow(0, 0, cells).view(NumClasses, NumClasses);
    }
}
