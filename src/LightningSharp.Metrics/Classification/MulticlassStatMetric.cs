using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A multiclass metric made of true and false positives and negatives of each class.</summary>
public abstract class MulticlassStatMetric : ScoreMetric
{
    private readonly MetricState _counts;

    /// <summary>Creates the metric.</summary>
    protected MulticlassStatMetric(int numClasses, int topK, Average average, MultidimAverage multidimAverage, long? ignoreIndex, bool validateArgs)
    {
        InputCheck.Classes(GetName(), numClasses, nameof(numClasses));
        InputCheck.Positive(GetName(), topK, nameof(topK));
        if (topK > numClasses) throw new ArgumentOutOfRangeException(nameof(topK), topK, $"{GetName()} wants topK of at most numClasses ({numClasses}). Received: {topK}.");
        (NumClasses, TopK, Average, MultidimAverage) = (numClasses, topK, average, multidimAverage);
        (IgnoreIndex, ValidateArgs) = (ignoreIndex, validateArgs);
        _counts = multidimAverage == MultidimAverage.Global ? AddState("counts", zeros(4, KeepsClasses ? numClasses : 1, int64)) : AddListState("counts");
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>A prediction is right when the truth is among this many best classes.</summary>
    public int TopK { get; }

    /// <summary>How the classes' values become one.</summary>
    public Average Average { get; }

    /// <summary>What happens with dimensions beyond batch and class.</summary>
    public MultidimAverage MultidimAverage { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"class-counts/{NumClasses}/{TopK}/{MultidimAverage}/{IgnoreIndex}/{ValidateArgs}/{Scores}/{KeepsClasses}";

    // A micro average needs sums over classes alone, which are cheaper to count. An ignored class that can be predicted is left out of some formulas: it must be told apart.
    private bool KeepsClasses => Average != Average.Micro || (IgnoreIndex >= 0 && IgnoreIndex < NumClasses);

    /// <summary>The value from counts of shape [classes] or [samples, classes].</summary>
    protected abstract Tensor Score(StatCounts counts);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var samplewise = MultidimAverage == MultidimAverage.Samplewise;
        var (labels, truths) = LabelFormat.Multiclass(Reading(preds), preds, target, NumClasses, TopK, samplewise, IgnoreIndex);
        var counts = KeepsClasses ? StatCounting.CountClasses(labels, truths, NumClasses, IgnoreIndex) : StatCounting.CountTogether(labels, truths, NumClasses, IgnoreIndex);
        if (samplewise) _counts.Append(counts);
        else _counts.Add(counts.squeeze(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Score(StatCounts.Of(_counts.IsList ? _counts.Cat() : _counts.Value));
}
