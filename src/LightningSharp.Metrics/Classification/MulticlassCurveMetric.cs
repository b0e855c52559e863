using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A multiclass metric made of each class's scores, one against the rest, at every threshold.</summary>
public abstract class MulticlassCurveMetric : CurveMetric
{
    /// <summary>Creates the metric.</summary>
    protected MulticlassCurveMetric(int numClasses, Thresholds? thresholds, long? ignoreIndex, bool validateArgs)
        : base(numClasses, thresholds, ignoreIndex, validateArgs)
    {
        InputCheck.Classes(GetName(), numClasses, nameof(numClasses));
        NumClasses = numClasses;
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    private protected override string TaskKey => "class-curve";

    private protected override (Tensor Preds, Tensor Target) Format(Tensor preds, Tensor target, ScoreReading reading)
    {
        if (preds.dim() != target.dim() + 1)
        {
            throw new ArgumentException($"{GetName()} wants preds as scores [N, C, …] and target [N, …]. Received: preds {InputCheck.Shape(preds)}, target {InputCheck.Shape(target)}.");
        }

        LabelFormat.CheckMulticlass(GetName(), preds, target, NumClasses, 1);
        if (reading.ChecksValues) InputCheck.LabelValues(GetName(), target, "target", NumClasses, IgnoreIndex);
        return (reading.ClassProbabilities(preds, target, IgnoreIndex).movedim([1], [-1]).reshape(-1, NumClasses), target.to(int64).flatten());
    }

    private protected override Tensor Truths(Tensor target) => target.unsqueeze(1).eq(Numbers.Range(NumClasses, target.device)).to(int64);

    private protected override Tensor Counting(Tensor target) => target.IsNot(IgnoreIndex ?? 0).unsqueeze(1).expand(-1, NumClasses);
}
