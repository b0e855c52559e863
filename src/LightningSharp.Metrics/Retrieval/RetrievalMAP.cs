using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Retrieval;

/// <summary>Mean average precision: precision at the place of each relevant document, averaged.</summary>
/// <remarks>Per query Σ (number relevant so far / place) / number relevant, over the first topK places. 0 when none of them is relevant.</remarks>
/// <param name="emptyTargetAction">What a query without anything relevant counts.</param>
/// <param name="ignoreIndex">Documents with this relevance do not count.</param>
/// <param name="topK">How many of the best documents count; null for all.</param>
/// <param name="aggregation">How the values of all queries become one.</param>
/// <param name="validateArgs">Whether values are checked.</param>
public sealed class RetrievalMAP(
    EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
    long? ignoreIndex = null,
    int? topK = null,
    QueryAggregation aggregation = QueryAggregation.Mean,
    bool validateArgs = true)
    : RetrievalMetric(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs)
{
    private protected override double Score(double[] preds, double[] target)
    {
        double sum = 0, found = 0;
        for (var i = 0; i < Depth(target.Length); i++)
        {
            if (target[i] > 0) sum += ++found / (i + 1);
        }

        return found == 0 ? 0 : sum / found;
    }
}
