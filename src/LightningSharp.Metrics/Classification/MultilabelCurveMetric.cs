using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A multilabel metric made of each label's scores at every threshold.</summary>
public abstract class MultilabelCurveMetric : CurveMetric
{
    /// <summary>Creates the metric.</summary>
    protected MultilabelCurveMetric(int numLabels, Thresholds? thresholds, long? ignoreIndex, bool validateArgs)
        : base(numLabels, thresholds, ignoreIndex, validateArgs)
    {
        InputCheck.Classes(GetName(), numLabels, nameof(numLabels));
        NumLabels = numLabels;
    }

    /// <summary>How many labels there are.</summary>
    public int NumLabels { get; }

    private protected override string TaskKey => "label-curve";

    private protected override (Tensor Preds, Tensor Target) Format(Tensor preds, Tensor target, ScoreReading reading)
    {
        InputCheck.SameShape(GetName(), preds, target);
        InputCheck.Size(GetName(), preds, "preds", 1, NumLabels, "labels");
        InputCheck.Floating(GetName(), preds, "preds");
        InputCheck.WholeNumbers(GetName(), target, "target");
        if (reading.ChecksValues) InputCheck.LabelValues(GetName(), target, "target", 2, IgnoreIndex);
        return (Columns(reading.Probabilities(preds.to(float32), target, IgnoreIndex)), Columns(target.to(int64)));
    }

    private protected override Tensor Truths(Tensor target) => target.eq(Numbers.One).to(int64);

    private Tensor Columns(Tensor values) => values.movedim([1], [-1]).reshape(-1, NumLabels);
}
