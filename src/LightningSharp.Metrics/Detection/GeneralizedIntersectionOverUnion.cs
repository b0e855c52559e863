using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>Overlap that also tells how far boxes without any are apart, −1 … 1.</summary>
/// <remarks>IoU − |C \ (A ∪ B)| / |C| with the smallest box C around both. H. Rezatofighi et al., 2019.</remarks>
/// <param name="boxFormat">What the four numbers of a box are.</param>
/// <param name="iouThreshold">Pairs that overlap less do not count; null for all pairs.</param>
/// <param name="classMetrics">Whether there is a value for each class too.</param>
/// <param name="respectLabels">Whether only boxes of the same class are paired.</param>
public sealed class GeneralizedIntersectionOverUnion(BoxFormat boxFormat = BoxFormat.Xyxy, double? iouThreshold = null, bool classMetrics = false, bool respectLabels = true)
    : BoxOverlapMetric(boxFormat, iouThreshold, classMetrics, respectLabels)
{
    private protected override Tensor Overlap(Tensor preds, Tensor target) => BoxOverlap.Generalized(preds, target);
}
