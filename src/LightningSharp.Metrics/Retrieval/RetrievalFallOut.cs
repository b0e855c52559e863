using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Retrieval;

/// <summary>The share of the irrelevant documents that are among the first topK: lower is better.</summary>
/// <remarks>Irrelevant among the first k, divided by all irrelevant. A query without irrelevant documents is the empty one.</remarks>
/// <param name="emptyTargetAction">What a query without anything relevant counts.</param>
/// <param name="ignoreIndex">Documents with this relevance do not count.</param>
/// <param name="topK">How many of the best documents count; null for all.</param>
/// <param name="aggregation">How the values of all queries become one.</param>
/// <param name="validateArgs">Whether values are checked.</param>
public sealed class RetrievalFallOut(
    EmptyTargetAction emptyTargetAction = EmptyTargetAction.Pos,
    long? ignoreIndex = null,
    int? topK = null,
    QueryAggregation aggregation = QueryAggregation.Mean,
    bool validateArgs = true)
    : RetrievalMetric(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    private protected override double Score(double[] preds, double[] target) => target.Take(Depth(target.Length)).Count(t => t <= 0) / (double)target.Count(t => t <= 0);

    private protected override bool IsEmpty(double[] target) => !Array.Exists(target, t => t <= 0);
}
