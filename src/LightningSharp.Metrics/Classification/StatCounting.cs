using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Counts true and false, positive and negative decisions with a fixed number of tensor operations and no device read.</summary>
internal static class StatCounting
{
    /// <summary>Decisions and truths 0 or 1 of shape [samples, labels, positions] to counts of shape [samples, 4, labels].</summary>
    internal static Tensor CountLabels(Tensor preds, Tensor target, long? ignoreIndex)
    {
        var (samples, labels) = (preds.size(0), preds.size(1));
        var code = Cells(preds, target, ignoreIndex);
        if (samples * labels > 1) code = code.Plus(Offsets(samples * labels, 5, preds.device).view(samples, labels, 1));
        var counts = Numbers.Count(code, samples * labels * 5).view(samples, labels, 5);
        return stack([counts.select(2, 3), counts.select(2, 1), counts.select(2, 0), counts.select(2, 2)], 1);
    }

    /// <summary>Class labels of shape [samples, positions] to counts of shape [samples, 4, classes].</summary>
    internal static Tensor CountClasses(Tensor preds, Tensor target, long classes, long? ignoreIndex)
    {
        var samples = preds.size(0);
        using var outside = Numbers.Number(classes, preds.device); // a class of its own for what does not count
        if (ignoreIndex is { } index)
        {
            var counts = target.IsNot(index);
            (preds, target) = (where(counts, preds, outside), where(counts, target, outside));
        }

        // Support, predictions and hits are counted in one pass, each sample and each of the three in bins of its own.
        var codes = stack([target, preds, where(preds.eq(target), target, outside)], 0).view(3 * samples, -1).Plus(Offsets(3 * samples, classes + 1, preds.device).unsqueeze(1));
        var bins = Numbers.Count(codes, 3 * samples * (classes + 1)).view(3, samples, classes + 1).narrow(2, 0, classes);
        var (support, predicted, hits) = (bins.select(0, 0), bins.select(0, 1), bins.select(0, 2));
        var misses = support.Minus(hits);
        var rest = support.sum(-1, keepdim: true).Minus(predicted).Minus(misses);
        return stack([hits, predicted.Minus(hits), rest, misses], 1);
    }

    /// <summary>The same summed over classes, shape [samples, 4, 1], without looking at each class: every wrong position is one false positive and one false negative.</summary>
    internal static Tensor CountTogether(Tensor preds, Tensor target, long classes, long? ignoreIndex)
    {
        var right = preds.eq(target);
        var counting = ignoreIndex is { } index ? target.IsNot(index) : null;
        var hits = (counting is null ? right : right.logical_and(counting)).sum(1);
        var wrong = counting is null ? hits.neg().Plus(preds.size(1)) : counting.sum(1).Minus(hits);
        return stack([hits, wrong, hits.Times(classes - 1).Plus(wrong.Times(classes - 2)), wrong], 1).unsqueeze(2);
    }

    /// <summary>2·target + decision: 0 true negative, 1 false positive, 2 false negative, 3 true positive, 4 ignored.</summary>
    internal static Tensor Cells(Tensor preds, Tensor target, long? ignoreIndex)
    {
        var code = target.mul(Numbers.Two).Plus(preds);
        if (ignoreIndex is not { } index) return code;
        using var ignored = Numbers.Number(index, preds.device);
        using var fifth = Numbers.Number(4, preds.device);
        return where(target.eq(ignored), fifth, code);
    }

    /// <summary>0, step, 2·step …</summary>
    internal static Tensor Offsets(long count, long step, Device device) => Numbers.Range(count, device, step);
}
