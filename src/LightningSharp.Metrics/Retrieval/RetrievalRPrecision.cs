using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Retrieval;

/// <summary>Precision at the number of relevant documents.</summary>
/// <remarks>With R relevant documents, the share of relevant ones among the first R.</remarks>
/// <param name="emptyTargetAction">What a query without anything relevant counts.</param>
/// <param name="ignoreIndex">Documents with this relevance do not count.</param>
/// <param name="aggregation">How the values of all queries become one.</param>
/// <param name="validateArgs">Whether values are checked.</param>
public sealed class RetrievalRPrecision(
    EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
    long? ignoreIndex = null,
    QueryAggregation aggregation = QueryAggregation.Mean,
    bool validateArgs = true)
    : RetrievalMetric(emptyTargetAction, ignoreIndex, null, aggregation, validateArgs)
{
    private protected override double Score(double[] preds, double[] target)
    {
        var relevant = target.Count(t => t > 0);
        return target.Take(relevant).Count(t => t > 0) / (double)relevant;
    }
}
