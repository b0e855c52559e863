using LightningSharp.Metrics.Classification;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Retrieval;

/// <summary>The area under each query's ROC curve: the chance that a relevant document scores higher than an irrelevant one.</summary>
/// <remarks>
/// Over the first topK places. Equal scores count half. 0 when all of a query's documents that count are relevant; a query without any is handled by emptyTargetAction.
/// With maxFpr the area up to that false-positive rate, scaled to 0.5 for chance (D. K. McClish, 1989).
/// </remarks>
/// <param name="emptyTargetAction">What a query without anything relevant counts.</param>
/// <param name="ignoreIndex">Documents with this relevance do not count.</param>
/// <param name="topK">How many of the best documents count; null for all.</param>
/// <param name="maxFpr">Only the part of the curve up to this false-positive rate, in (0, 1); null for all of it.</param>
/// <param name="aggregation">How the values of all queries become one.</param>
/// <param name="validateArgs">Whether values are checked.</param>
public sealed class RetrievalAUROC(
    EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
    long? ignoreIndex = null,
    int? topK = null,
    double? maxFpr = null,
    QueryAggregation aggregation = QueryAggregation.Mean,
    bool validateArgs = true)
    : RetrievalMetric(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs)
{
    /// <summary>Only the part of the curve up to this false-positive rate; null for all of it.</summary>
    public double? MaxFpr { get; } = maxFpr is null or (> 0 and <= 1)
        ? maxFpr : throw new ArgumentOutOfRangeException(nameof(maxFpr), maxFpr, $"RetrievalAUROC wants maxFpr in (0, 1] or null. Received: {maxFpr}.");

    private protected override double Score(double[] preds, double[] target)
    {
        using var scope = NewDisposeScope();
        var depth = Depth(target.Length);
        var relevant = target[..depth].Count(t => t > 0);
        if (relevant == 0 || relevant == depth) return 0;
        var roc = CurveFormulas.Roc(CurvePoints.Exact(tensor(preds[..depth]), tensor(Array.ConvertAll(target[..depth], t => t > 0 ? 1L : 0L))));
        return (MaxFpr is { } limit ? CurveFormulas.PartialArea(roc, limit) : CurveFormulas.Area(roc)).to(float64).ToDouble();
    }
}
