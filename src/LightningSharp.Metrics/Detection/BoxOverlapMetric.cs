using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>The mean of an overlap over all pairs of a found and a true box of an image.</summary>
public abstract class BoxOverlapMetric : Metric<IReadOnlyList<Detections>, IReadOnlyList<Detections>>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    private protected BoxOverlapMetric(bool respectLabels)
    {
        RespectLabels = respectLabels;
        _sum = AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>Whether only boxes of the same class are paired.</summary>
    public bool RespectLabels { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    private protected abstract Tensor Overlap(Tensor preds, Tensor target);

    /// <inheritdoc/>
    protected override Tensor? DeviceSample((IReadOnlyList<Detections> Preds, IReadOnlyList<Detections> Target) input)
        => input.Preds is { Count: > 0 } ? input.Preds[0].Boxes : null;

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyList<Detections> preds, IReadOnlyList<Detections> target)
    {
        DetectionInput.Check(GetName(), preds, target, scores: false);
        for (var i = 0; i < preds.Count; i++)
        {
            if (preds[i].Boxes.size(0) == 0 || target[i].Boxes.size(0) == 0) continue;
            var overlap = Overlap(preds[i].Boxes.to(float32), target[i].Boxes.to(float32));
            var paired = RespectLabels ? preds[i].Labels.unsqueeze(1).eq(target[i].Labels.unsqueeze(0)) : ones_like(overlap, dtype: @bool);
            _sum.Add(where(paired, overlap, zeros_like(overlap)).sum(float64));
            _count.Add(paired.sum());
        }
    }

    /// <summary>0 without pairs.</summary>
    protected override Tensor ComputeValue() => Numbers.SafeDivide(_sum.Value, _count.Value.to(float64)).to(float32);
}
