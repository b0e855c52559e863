using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Retrieval;

/// <summary>Normalised discounted cumulative gain: graded relevance, counting less further down.</summary>
/// <remarks>Σ relevance / log₂(place + 1) divided by that of the best order. Equal scores share their mean gain (F. McSherry and M. Najork, 2008). Targets may be grades of any non-negative size.</remarks>
/// <param name="emptyTargetAction">What a query without anything relevant counts.</param>
/// <param name="ignoreIndex">Documents with this relevance do not count.</param>
/// <param name="topK">How many of the best documents count; null for all.</param>
/// <param name="aggregation">How the values of all queries become one.</param>
/// <param name="validateArgs">Whether values are checked.</param>
public sealed class RetrievalNormalizedDCG(
    EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
    long? ignoreIndex = null,
    int? topK = null,
    QueryAggregation aggregation = QueryAggregation.Mean,
    bool validateArgs = true)
    : RetrievalMetric(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs)
{
    private protected override double Score(double[] preds, double[] target)
    {
        var depth = Depth(target.Length);
        var best = (double[])target.Clone();
        Array.Sort(best, (a, b) => b.CompareTo(a));
        var ideal = 0.0;
        for (var i = 0; i < depth; i++) ideal += best[i] * Discount(i);
        return ideal == 0 ? 0 : Gain(preds, target, depth) / ideal;
    }

    private protected override bool AllowsGrades => true;

    private static double Discount(int place) => 1 / Math.Log2(place + 2);

    private static double Gain(double[] preds, double[] target, int depth)
    {
        var gain = 0.0;
        for (int from = 0, to; from < target.Length && from < depth; from = to)
        {
            double relevance = 0, discount = 0;
            for (to = from; to < target.Length && preds[to].Equals(preds[from]); to++) // NaN equals NaN here: the loop must end
            {
                relevance += target[to];
                if (to < depth) discount += Discount(to);
            }

            gain += relevance / (to - from) * discount;
        }

        return gain;
    }
}
