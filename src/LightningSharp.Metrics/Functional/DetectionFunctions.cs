using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Detection;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for detected boxes: one call, one value. Parameters as in the constructor of the metric named under "see also".
/// Gradients flow where the formula allows it. For all results by name use <c>EvaluateNamed</c> of the metric.
/// </summary>
public static class DetectionFunctions
{
    /// <summary>Overlap less the distance of the centres and the difference of proportions.</summary>
    /// <seealso cref="Detection.CompleteIntersectionOverUnion"/>
    public static Tensor CompleteIntersectionOverUnion(
        IReadOnlyList<Detections> preds,
        IReadOnlyList<Detections> target,
        BoxFormat boxFormat = BoxFormat.Xyxy,
        double? iouThreshold = null,
        bool classMetrics = false,
        bool respectLabels = true)
        => Stateless.Once(new CompleteIntersectionOverUnion(boxFormat, iouThreshold, classMetrics, respectLabels), (preds, target));

    /// <summary>Overlap less the distance of the centres.</summary>
    /// <seealso cref="Detection.DistanceIntersectionOverUnion"/>
    public static Tensor DistanceIntersectionOverUnion(
        IReadOnlyList<Detections> preds,
        IReadOnlyList<Detections> target,
        BoxFormat boxFormat = BoxFormat.Xyxy,
        double? iouThreshold = null,
        bool classMetrics = false,
        bool respectLabels = true)
        => Stateless.Once(new DistanceIntersectionOverUnion(boxFormat, iouThreshold, classMetrics, respectLabels), (preds, target));

    /// <summary>Overlap that also tells how far boxes without any are apart, −1 … 1.</summary>
    /// <seealso cref="Detection.GeneralizedIntersectionOverUnion"/>
    public static Tensor GeneralizedIntersectionOverUnion(
        IReadOnlyList<Detections> preds,
        IReadOnlyList<Detections> target,
        BoxFormat boxFormat = BoxFormat.Xyxy,
        double? iouThreshold = null,
        bool classMetrics = false,
        bool respectLabels = true)
        => Stateless.Once(new GeneralizedIntersectionOverUnion(boxFormat, iouThreshold, classMetrics, respectLabels), (preds, target));

    /// <summary>How much boxes overlap: intersection over union.</summary>
    /// <seealso cref="Detection.IntersectionOverUnion"/>
    public static Tensor IntersectionOverUnion(
        IReadOnlyList<Detections> preds,
        IReadOnlyList<Detections> target,
        BoxFormat boxFormat = BoxFormat.Xyxy,
        double? iouThreshold = null,
        bool classMetrics = false,
        bool respectLabels = true)
        => Stateless.Once(new IntersectionOverUnion(boxFormat, iouThreshold, classMetrics, respectLabels), (preds, target));

    /// <summary>Mean average precision of found boxes by the rules of the COCO challenge.</summary>
    /// <seealso cref="Detection.MeanAveragePrecision"/>
    public static Tensor MeanAveragePrecision(
        IReadOnlyList<Detections> preds,
        IReadOnlyList<Detections> target,
        BoxFormat boxFormat = BoxFormat.Xyxy,
        double[]? iouThresholds = null,
        double[]? recThresholds = null,
        int[]? maxDetectionThresholds = null,
        bool classMetrics = false,
        Average average = Average.Macro)
        => Stateless.Once(new MeanAveragePrecision(boxFormat, iouThresholds, recThresholds, maxDetectionThresholds, classMetrics, average), (preds, target));
}
