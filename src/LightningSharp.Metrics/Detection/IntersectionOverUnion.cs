using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>How much boxes overlap: intersection over union.</summary>
/// <remarks>|A ∩ B| / |A ∪ B|. Mean over all pairs of a found and a true box in an image. P. Jaccard, 1901.</remarks>
/// <param name="boxFormat">What the four numbers of a box are.</param>
/// <param name="iouThreshold">Pairs that overlap less do not count; null for all pairs.</param>
/// <param name="classMetrics">Whether there is a value for each class too.</param>
/// <param name="respectLabels">Whether only boxes of the same class are paired.</param>
public sealed class IntersectionOverUnion(BoxFormat boxFormat = BoxFormat.Xyxy, double? iouThreshold = null, bool classMetrics = false, bool respectLabels = true)
    : BoxOverlapMetric(boxFormat, iouThreshold, classMetrics, respectLabels)
{
    private protected override Tensor Overlap(Tensor preds, Tensor target) => BoxOverlap.Plain(preds, target).Overlap;
}
