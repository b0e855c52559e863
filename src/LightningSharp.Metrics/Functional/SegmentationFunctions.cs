using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Segmentation;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for segmentation: one call, one value. Parameters as in the constructor of the metric named under "see also".
/// Gradients flow where the formula allows it.
/// </summary>
public static class SegmentationFunctions
{
    /// <summary>Twice the overlap of predicted and true masks over their sizes, per sample, then averaged over samples.</summary>
    /// <seealso cref="DiceScore"/>
    public static Tensor DiceScore(
        Tensor preds,
        Tensor target,
        int numClasses,
        bool includeBackground = true,
        Average average = Average.Micro,
        double zeroDivision = 1,
        InputFormat inputFormat = InputFormat.OneHot)
        => Stateless.Once(new DiceScore(numClasses, includeBackground, average, zeroDivision, inputFormat), (preds, target));

    /// <summary>Twice the overlap of predicted and true masks over their sizes with small classes counting as much as large ones; mean over samples.</summary>
    /// <seealso cref="GeneralizedDiceScore"/>
    public static Tensor GeneralizedDiceScore(
        Tensor preds,
        Tensor target,
        int numClasses,
        bool includeBackground = true,
        bool perClass = false,
        DiceWeight weightType = DiceWeight.Square,
        InputFormat inputFormat = InputFormat.OneHot)
        => Stateless.Once(new GeneralizedDiceScore(numClasses, includeBackground, perClass, weightType, inputFormat), (preds, target));

    /// <summary>How far the outline of a predicted mask strays at most from the true one, in pixels; mean over samples and classes.</summary>
    /// <seealso cref="HausdorffDistance"/>
    public static Tensor HausdorffDistance(
        Tensor preds,
        Tensor target,
        int numClasses,
        bool includeBackground = true,
        DistanceMetric distanceMetric = DistanceMetric.Euclidean,
        bool directed = false,
        InputFormat inputFormat = InputFormat.OneHot)
        => Stateless.Once(new HausdorffDistance(numClasses, includeBackground, distanceMetric, directed, inputFormat), (preds, target));

    /// <summary>Overlap of predicted and true masks over their union, per class and sample, then averaged.</summary>
    /// <seealso cref="MeanIoU"/>
    public static Tensor MeanIoU(
        Tensor preds,
        Tensor target,
        int numClasses,
        bool includeBackground = true,
        bool perClass = false,
        InputFormat inputFormat = InputFormat.OneHot)
        => Stateless.Once(new MeanIoU(numClasses, includeBackground, perClass, inputFormat), (preds, target));
}
