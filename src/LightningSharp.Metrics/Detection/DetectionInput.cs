using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>Checks of found and true boxes.</summary>
internal static class DetectionInput
{
    internal static void Check(string metric, IReadOnlyList<Detections> preds, IReadOnlyList<Detections> target, bool scores)
    {
        if (preds.Count != target.Count) throw new ArgumentException($"{metric} wants as many images in preds as in target. Received: {preds.Count} and {target.Count}.");
        for (var i = 0; i < preds.Count; i++)
        {
            One(metric, preds[i], $"preds[{i}]");
            One(metric, target[i], $"target[{i}]");
            if (scores && (preds[i].Scores is not { } s || s.numel() != preds[i].Boxes.size(0)))
            {
                throw new ArgumentException($"{metric} wants one score per box in preds[{i}].Scores. Received: {(preds[i].Scores is { } given ? InputCheck.Shape(given) : "none")} for {preds[i].Boxes.size(0)} boxes.");
            }
        }
    }

    private static void One(string metric, Detections image, string name)
    {
        if (image.Boxes.dim() != 2 || image.Boxes.size(1) != 4) throw new ArgumentException($"{metric} wants {name}.Boxes of shape [N, 4]. Received: {InputCheck.Shape(image.Boxes)}.");
        if (image.Labels.numel() != image.Boxes.size(0)) throw new ArgumentException($"{metric} wants one label per box in {name}. Received: {image.Labels.numel()} labels for {image.Boxes.size(0)} boxes.");
        InputCheck.WholeNumbers(metric, image.Labels, name + ".Labels");
    }
}
