using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Retrieval;

/// <summary>The share of relevant documents among the first topK.</summary>
/// <remarks>Relevant among the first k, divided by k; without topK, k is the number of documents.</remarks>
/// <param name="emptyTargetAction">What a query without anything relevant counts.</param>
/// <param name="ignoreIndex">Documents with this relevance do not count.</param>
/// <param name="topK">How many of the best documents count; null for all.</param>
/// <param name="adaptiveK">Whether k shrinks to the number of documents of a query that has fewer.</param>
/// <param name="aggregation">How the values of all queries become one.</param>
/// <param name="validateArgs">Whether values are checked.</param>
public sealed class RetrievalPrecision(
    EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
    long? ignoreIndex = null,
    int? topK = null,
    bool adaptiveK = false,
    QueryAggregation aggregation = QueryAggregation.Mean,
    bool validateArgs = true)
    : RetrievalMetric(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs)
{
    /// <summary>Whether k shrinks to the number of documents of a query that has fewer.</summary>
    public bool AdaptiveK { get; } = adaptiveK;

    private protected override double Score(double[] preds, double[] target) => target.Take(Depth(target.Length)).Count(t => t > 0) / (double)(AdaptiveK ? Depth(target.Length) : TopK ?? target.Length);
}
