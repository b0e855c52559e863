using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Counts true and false, positive and negative decisions with a fixed number of tensor operations and no device read.</summary>
internal static class StatCounting
{
    /// <summary>Decisions and truths 0 or 1 of shape [samples, labels, positions] to counts of shape [samples, 4, labels].</summary>
    internal static Tensor CountLabels(Tensor preds, Tensor target, long? ignoreIndex)
    {
        var (samples, labels) = (preds.size(0), preds.size(1));
        var code = Cells(preds, target, ignoreIndex).Plus(Offsets(samples * labels, 5, preds.device).view(samples, labels, 1));
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
            using var ignored = Numbers.Number(index, preds.device);
            var counts = target.ne(ignored);
            (preds, target) = (where(counts, preds, outside), where(counts, target, outside));
        }

        var offsets = Offsets(samples, classes + 1, preds.device).unsqueeze(1);
        var support = PerClass(target, offsets, samples, classes);
        var predicted = PerClass(preds, offsets, samples, classes);
        var hits = PerClass(where(preds.eq(target), target, outside), offsets, samples, classes);
        var misses = support.Minus(hits);
        var rest = support.sum(-1, keepdim: true).Minus(predicted).Minus(misses);
        return stack([hits, predicted.Minus(hits), rest, misses], 1);
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

    private static Tensor PerClass(Tensor labels, Tensor offsets, long samples, long classes)
        => Numbers.Count(labels.Plus(offsets), samples * (classes + 1)).view(samples, classes + 1).narrow(1, 0, classes);
}
