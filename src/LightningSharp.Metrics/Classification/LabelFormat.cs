using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>From what users pass (probabilities, logits, labels, any number of extra dimensions) to labels of a fixed layout, checked on the way.</summary>
internal static class LabelFormat
{
    /// <summary>Binary decisions and truths of shape [1 or samples, 1, positions].</summary>
    internal static (Tensor Preds, Tensor Target) Binary(ScoreReading reading, Tensor preds, Tensor target, double threshold, bool samplewise, long? ignoreIndex)
    {
        var metric = reading.Metric;
        InputCheck.SameShape(metric, preds, target);
        InputCheck.WholeNumbers(metric, target, "target");
        CheckSamplewise(metric, target, samplewise, 2);
        if (reading.ChecksValues) CheckLabels(metric, preds, target, 2, ignoreIndex);
        var rows = samplewise ? target.size(0) : 1;
        return (Decide(reading, preds, target, threshold, ignoreIndex).reshape(rows, 1, -1), target.to(int64).reshape(rows, 1, -1));
    }

    /// <summary>Multilabel decisions and truths of shape [1 or samples, labels, positions].</summary>
    internal static (Tensor Preds, Tensor Target) Multilabel(
        ScoreReading reading, Tensor preds, Tensor target, long labels, double threshold, bool samplewise, long? ignoreIndex)
    {
        var metric = reading.Metric;
        InputCheck.SameShape(metric, preds, target);
        InputCheck.Size(metric, preds, "preds", 1, labels, "labels");
        InputCheck.WholeNumbers(metric, target, "target");
        CheckSamplewise(metric, target, samplewise, 3);
        if (reading.ChecksValues) CheckLabels(metric, preds, target, 2, ignoreIndex);
        return (Rows(Decide(reading, preds, target, threshold, ignoreIndex), labels, samplewise), Rows(target.to(int64), labels, samplewise));
    }

    /// <summary>Class labels of shape [1 or samples, positions].</summary>
    internal static (Tensor Preds, Tensor Target) Multiclass(
        ScoreReading reading, Tensor preds, Tensor target, long classes, int topK, bool samplewise, long? ignoreIndex)
    {
        var metric = reading.Metric;
        CheckMulticlass(metric, preds, target, classes, topK);
        CheckSamplewise(metric, target, samplewise, 2);
        if (reading.ChecksValues)
        {
            InputCheck.LabelValues(metric, target, "target", classes, ignoreIndex);
            if (!preds.is_floating_point()) InputCheck.LabelValues(metric, preds, "preds", classes, ignoreIndex);
        }

        if (preds.dim() != target.dim()) reading.CheckClasses(preds, target, ignoreIndex);
        var rows = samplewise ? target.size(0) : 1;
        var labels = preds.dim() == target.dim() ? preds.to(int64) : topK == 1 ? preds.argmax(1) : BestOf(preds, target, topK);
        return (labels.reshape(rows, -1), target.to(int64).reshape(rows, -1));
    }

    /// <summary>[N, L, …] to [1 or N, L, positions].</summary>
    internal static Tensor Rows(Tensor values, long labels, bool samplewise)
        => samplewise ? values.reshape(values.size(0), labels, -1) : values.movedim([1], [0]).reshape(1, labels, -1);

    internal static void CheckLabels(string metric, Tensor preds, Tensor target, long classes, long? ignoreIndex)
    {
        InputCheck.LabelValues(metric, target, "target", classes, ignoreIndex);
        if (!preds.is_floating_point()) InputCheck.LabelValues(metric, preds, "preds", classes, null);
    }

    internal static void CheckMulticlass(string metric, Tensor preds, Tensor target, long classes, int topK)
    {
        InputCheck.WholeNumbers(metric, target, "target");
        if (preds.dim() == target.dim() + 1)
        {
            InputCheck.Floating(metric, preds, "preds of shape [N, C, …]");
            InputCheck.Size(metric, preds, "preds", 1, classes, "classes");
            var samePlaces = preds.size(0) == target.size(0) && preds.shape.Skip(2).SequenceEqual(target.shape.Skip(1));
            if (samePlaces) return;
            throw new ArgumentException($"{metric} wants preds [N, C, …] and target [N, …] that agree in N and all further dimensions. Received: preds {InputCheck.Shape(preds)}, target {InputCheck.Shape(target)}.");
        }

        if (topK > 1) throw new ArgumentException($"{metric} with top-{topK} wants preds as scores of shape [N, C, …]. Received: preds {InputCheck.Shape(preds)}, target {InputCheck.Shape(target)}.");
        InputCheck.SameShape(metric, preds, target);
        InputCheck.WholeNumbers(metric, preds, "preds of the shape of target");
    }

    private static void CheckSamplewise(string metric, Tensor target, bool samplewise, int dimensions)
    {
        if (samplewise && target.dim() < dimensions)
        {
            throw new ArgumentException($"{metric} with MultidimAverage.Samplewise wants at least {dimensions} dimensions. Received: target {InputCheck.Shape(target)}.");
        }
    }

    private static Tensor Decide(ScoreReading reading, Tensor preds, Tensor target, double threshold, long? ignoreIndex)
    {
        if (!preds.is_floating_point()) return preds.to(int64);
        using Scalar limit = threshold;
        return reading.Probabilities(preds, target, ignoreIndex).gt(limit).to(int64);
    }

    /// <summary>The target where it is among the k best classes, else the best one: top-k as a decision for one class.</summary>
    private static Tensor BestOf(Tensor preds, Tensor target, int topK)
    {
        var (_, best) = preds.topk(topK, 1);
        var truth = target.to(int64).unsqueeze(1);
        var found = best.eq(truth).any(1);
        return where(found, truth.squeeze(1), best.select(1, 0));
    }
}
