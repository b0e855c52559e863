using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Retrieval;

/// <summary>The share of the relevant documents that are among the first topK.</summary>
/// <remarks>Relevant among the first k, divided by all relevant.</remarks>
/// <param name="emptyTargetAction">What a query without anything relevant counts.</param>
/// <param name="ignoreIndex">Documents with this relevance do not count.</param>
/// <param name="topK">How many of the best documents count; null for all.</param>
/// <param name="aggregation">How the values of all queries become one.</param>
/// <param name="validateArgs">Whether values are checked.</param>
public sealed class RetrievalRecall(
    EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
    long? ignoreIndex = null,
    int? topK = null,
    QueryAggregation aggregation = QueryAggregation.Mean,
    bool validateArgs = true)
    : RetrievalMetric(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs)
{
    private protected override double Score(double[] preds, double[] target) => target.Take(Depth(target.Length)).Count(t => t > 0) / (double)target.Count(t => t > 0);
}
