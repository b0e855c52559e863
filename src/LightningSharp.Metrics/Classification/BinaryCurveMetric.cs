using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A binary metric made of scores at every threshold.</summary>
/// <param name="thresholds">Thresholds of a binned curve; null for an exact one.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked.</param>
public abstract class BinaryCurveMetric(Thresholds? thresholds, long? ignoreIndex, bool validateArgs)
    : CurveMetric(1, thresholds, ignoreIndex, validateArgs)
{
    private protected override string TaskKey => "binary-curve";

    private protected override (Tensor Preds, Tensor Target) Format(Tensor preds, Tensor target, ScoreReading reading)
    {
        InputCheck.SameShape(GetName(), preds, target);
        InputCheck.Floating(GetName(), preds, "preds");
        InputCheck.WholeNumbers(GetName(), target, "target");
        if (reading.ChecksValues) InputCheck.LabelValues(GetName(), target, "target", 2, IgnoreIndex);
        return (reading.Probabilities(preds.to(float32), target, IgnoreIndex).reshape(-1, 1), target.to(int64).reshape(-1, 1));
    }

    private protected override Tensor Truths(Tensor target) => target.eq(Numbers.One).to(int64);
}
