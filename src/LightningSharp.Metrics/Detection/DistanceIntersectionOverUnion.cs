using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>Overlap less the distance of the centres.</summary>
/// <remarks>IoU − d² / c² with the distance d of the centres and the diagonal c of the smallest box around both. Z. Zheng et al., 2020.</remarks>
/// <param name="boxFormat">What the four numbers of a box are.</param>
/// <param name="iouThreshold">Pairs that overlap less do not count; null for all pairs.</param>
/// <param name="classMetrics">Whether there is a value for each class too.</param>
/// <param name="respectLabels">Whether only boxes of the same class are paired.</param>
public sealed class DistanceIntersectionOverUnion(BoxFormat boxFormat = BoxFormat.Xyxy, double? iouThreshold = null, bool classMetrics = false, bool respectLabels = true)
    : BoxOverlapMetric(boxFormat, iouThreshold, classMetrics, respectLabels)
{
    private protected override Tensor Overlap(Tensor preds, Tensor target) => BoxOverlap.Distance(preds, target);
}
