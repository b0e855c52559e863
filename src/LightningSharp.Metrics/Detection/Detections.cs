using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>The boxes of one image, found or true.</summary>
/// <param name="Boxes">Shape [N, 4]: left, top, right, bottom unless the metric is told another <see cref="BoxFormat"/>.</param>
/// <param name="Labels">Shape [N]: the class of each box.</param>
/// <param name="Scores">Shape [N]: the confidence of each found box; null for true ones.</param>
/// <param name="Crowd">Shape [N]: for true boxes, whether it stands for a crowd (1) that may match many finds and is not searched for; null for none.</param>
/// <param name="Area">Shape [N]: for true boxes, the area by which size ranges are told; null to take the box's.</param>
public sealed record Detections(Tensor Boxes, Tensor Labels, Tensor? Scores = null, Tensor? Crowd = null, Tensor? Area = null);
