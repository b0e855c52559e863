using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>From counts to scores.</summary>
internal static class StatFormulas
{
    /// <summary>(TP + TN) / all.</summary>
    internal static Tensor Agreement(StatCounts s) => Numbers.SafeDivide(s.TruePositive.Plus(s.TrueNegative), s.Total);

    /// <summary>TP / (TP + FP).</summary>
    internal static Tensor Precision(StatCounts s, double zeroDivision = 0)
        => Numbers.SafeDivide(s.TruePositive, s.TruePositive.Plus(s.FalsePositive), zeroDivision);

    /// <summary>TP / (TP + FN).</summary>
    internal static Tensor Recall(StatCounts s, double zeroDivision = 0) => Numbers.SafeDivide(s.TruePositive, s.Support, zeroDivision);

    /// <summary>(1 + β²) TP / ((1 + β²) TP + β² FN + FP).</summary>
    internal static Tensor FBeta(StatCounts s, double beta, double zeroDivision)
    {
        var square = beta * beta;
        var hits = s.TruePositive.Times(1 + square);
        return Numbers.SafeDivide(hits, hits.Plus(s.FalseNegative.Times(square)).Plus(s.FalsePositive), zeroDivision);
    }

    /// <summary>TN / (TN + FP).</summary>
    internal static Tensor Specificity(StatCounts s) => Numbers.SafeDivide(s.TrueNegative, s.TrueNegative.Plus(s.FalsePositive));

    /// <summary>TN / (TN + FN).</summary>
    internal static Tensor NegativePredictiveValue(StatCounts s, double zeroDivision)
        => Numbers.SafeDivide(s.TrueNegative, s.TrueNegative.Plus(s.FalseNegative), zeroDivision);

    /// <summary>TP / (TP + FP + FN).</summary>
    internal static Tensor Jaccard(StatCounts s, double zeroDivision)
        => Numbers.SafeDivide(s.TruePositive, s.Support.Plus(s.FalsePositive), zeroDivision);

    /// <summary>One score per class, averaged as asked.</summary>
    internal static Tensor Averaged(StatCounts counts, Average average, bool multilabel, int topK, Func<StatCounts, Tensor> formula)
    {
        if (average == Average.Micro) return formula(counts.OverClasses());
        var scores = formula(counts);
        return average == Average.None ? scores : WeightedMean(scores, Weights(counts, average, multilabel, topK));
    }

    /// <summary>Support for weighted; for macro one, but zero for classes that never occur in a multiclass task.</summary>
    internal static Tensor Weights(StatCounts counts, Average average, bool multilabel, int topK)
    {
        if (average == Average.Weighted) return counts.Support.to(float32);
        if (multilabel) return ones_like(counts.TruePositive).to(float32);
        var seen = topK == 1 ? counts.Support.Plus(counts.FalsePositive) : counts.Support;
        return seen.gt(Numbers.Zero).to(float32);
    }

    internal static Tensor WeightedMean(Tensor scores, Tensor weights) => Numbers.SafeDivide(weights.mul(scores), weights.sum(-1, keepdim: true)).sum(-1);

    /// <summary>TP, FP, TN, FN and support in a last dimension.</summary>
    internal static Tensor Columns(StatCounts s) => stack([s.TruePositive, s.FalsePositive, s.TrueNegative, s.FalseNegative, s.Support], -1);

    internal static Tensor AveragedColumns(StatCounts counts, Average average)
    {
        var columns = Columns(counts);
        return average switch
        {
            Average.Micro => columns.sum(-2),
            Average.Macro => columns.to(float32).mean([-2]),
            Average.Weighted => columns.mul(Numbers.SafeDivide(counts.Support, counts.Support.sum(-1, keepdim: true)).unsqueeze(-1)).sum(-2),
            _ => columns,
        };
    }
}
