using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>How much boxes overlap: intersection over union.</summary>
/// <remarks>Mean over all pairs of a found and a true box in an image.</remarks>
/// <param name="respectLabels">Whether only boxes of the same class are paired.</param>
public sealed class IntersectionOverUnion(bool respectLabels = true)
    : BoxOverlapMetric(respectLabels)
{
    private protected override Tensor Overlap(Tensor preds, Tensor target) => BoxOverlap.Plain(preds, target).Overlap;
}
