using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The mean over samples of a value of the labels' ranking.</summary>
public abstract class MultilabelRankingMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    protected MultilabelRankingMetric(int numLabels, bool validateArgs)
    {
        InputCheck.Classes(GetName(), numLabels, nameof(numLabels));
        (NumLabels, ValidateArgs) = (numLabels, validateArgs);
        _sum = AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>How many labels there are.</summary>
    public int NumLabels { get; }

    /// <summary>The value of each sample from scores and truths of shape [N, labels].</summary>
    protected abstract Tensor PerSample(Tensor preds, Tensor target);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.SameShape(GetName(), preds, target);
        InputCheck.Size(GetName(), preds, "preds", 1, NumLabels, "labels");
        InputCheck.Floating(GetName(), preds, "preds");
        InputCheck.WholeNumbers(GetName(), target, "target");
        if (ChecksValues(preds)) InputCheck.LabelValues(GetName(), target, "target", 2, null);
        var values = PerSample(Rows(preds), Rows(target));
        _sum.Add(values.sum(float64));
        _count.Add(values.numel());
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Numbers.SafeDivide(_sum.Value, _count.Value).to(float32);

    private Tensor Rows(Tensor values) => values.movedim([1], [-1]).reshape(-1, NumLabels);
}
