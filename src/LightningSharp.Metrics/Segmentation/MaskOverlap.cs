using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Segmentation;

/// <summary>Overlap of predicted and true masks, per sample and class.</summary>
internal static class MaskOverlap
{
    /// <summary>Intersection, predicted and true size, each of shape [N, classes].</summary>
    internal static (Tensor Both, Tensor Preds, Tensor Target) Sizes(
        string metric, Tensor preds, Tensor target, int classes, bool background, InputFormat format, bool checkValues)
    {
        InputCheck.SameShape(metric, preds, target);
        InputCheck.WholeNumbers(metric, preds, "preds");
        InputCheck.WholeNumbers(metric, target, "target");
        if (format == InputFormat.OneHot) InputCheck.Size(metric, preds, "preds", 1, classes, "classes");
        if (checkValues)
        {
            InputCheck.LabelValues(metric, preds.to(int64), "preds", format == InputFormat.OneHot ? 2 : classes, null);
            InputCheck.LabelValues(metric, target.to(int64), "target", format == InputFormat.OneHot ? 2 : classes, null);
        }

        var (both, p, t) = format == InputFormat.OneHot ? FromPlanes(preds.to(int64).flatten(2), target.to(int64).flatten(2)) : FromLabels(preds, target, classes);
        return background ? (both, p, t) : (both.narrow(1, 1, classes - 1), p.narrow(1, 1, classes - 1), t.narrow(1, 1, classes - 1));
    }

    private static (Tensor Both, Tensor Preds, Tensor Target) FromPlanes(Tensor preds, Tensor target)
        => (preds.mul(target).sum(2), preds.sum(2), target.sum(2));

    private static (Tensor Both, Tensor Preds, Tensor Target) FromLabels(Tensor preds, Tensor target, int classes)
    {
        var rows = preds.size(0);
        var counts = Classification.StatCounts.Of(Classification.StatCounting.CountClasses(
            preds.to(int64).reshape(rows, -1), target.to(int64).reshape(rows, -1), classes, null));
        return (counts.TruePositive, counts.TruePositive.Plus(counts.FalsePositive), counts.Support);
    }
}
