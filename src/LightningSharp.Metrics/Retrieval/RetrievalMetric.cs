using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Retrieval;

/// <summary>
/// A value of each query's ranking, aggregated over queries. Inputs: scores, relevance, and the query that each document belongs to, all of one shape;
/// the documents of a query may come in several batches.
/// </summary>
/// <remarks>All documents are kept until Compute, which ranks them on the host, equal scores in the order they came.</remarks>
public abstract class RetrievalMetric : Metric<Tensor, Tensor, Tensor>
{
    private readonly MetricState _preds;
    private readonly MetricState _target;
    private readonly MetricState _indexes;

    private protected RetrievalMetric(EmptyTargetAction emptyTargetAction, long? ignoreIndex, int? topK, QueryAggregation aggregation, bool validateArgs)
    {
        if (topK is { } k) InputCheck.Positive(GetName(), k, nameof(topK));
        (EmptyTargetAction, IgnoreIndex, TopK, Aggregation, ValidateArgs) = (emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs);
        _preds = AddListState("preds");
        _target = AddListState("target");
        _indexes = AddListState("indexes");
    }

    /// <summary>What a query without anything relevant counts.</summary>
    public EmptyTargetAction EmptyTargetAction { get; }

    /// <summary>Documents with this relevance do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <summary>How many of the best documents count; null for all.</summary>
    public int? TopK { get; }

    /// <summary>How the values of all queries become one.</summary>
    public QueryAggregation Aggregation { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected internal override string? StateKey => $"ranking/{IgnoreIndex}/{AllowsGrades}/{ValidateArgs}";

    private protected virtual bool AllowsGrades => false;

    /// <summary>The value of one query from its scores and relevances, best first.</summary>
    private protected abstract double Score(double[] preds, double[] target);

    /// <summary>Whether a query has nothing to find.</summary>
    private protected virtual bool IsEmpty(double[] target) => !Array.Exists(target, t => t > 0);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target, Tensor indexes)
    {
        InputCheck.SameShape(GetName(), preds, target);
        InputCheck.SameShape(GetName(), preds, indexes);
        InputCheck.Floating(GetName(), preds, "preds");
        InputCheck.WholeNumbers(GetName(), indexes, "indexes");
        if (!AllowsGrades) InputCheck.WholeNumbers(GetName(), target, "target");
        if (!AllowsGrades && ChecksValues(preds)) InputCheck.LabelValues(GetName(), target, "target", 2, IgnoreIndex);
        _preds.Append(preds.to(float32).flatten());
        _target.Append((target.is_floating_point() ? target : target.to(float32)).flatten());
        _indexes.Append(indexes.to(int64).flatten());
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var (preds, target) = (HostRows.Of(_preds.Cat()), HostRows.Of(_target.Cat()));
        var indexes = _indexes.Cat().cpu().contiguous().data<long>().ToArray();
        var values = new List<double>();
        foreach (var query in Enumerable.Range(0, preds.Length).Where(i => IgnoreIndex is not { } ignored || target[i] != ignored).GroupBy(i => indexes[i]))
        {
            var ranked = query.OrderByDescending(i => preds[i]).ToArray(); // stable
            if (Value(Array.ConvertAll(ranked, i => preds[i]), Array.ConvertAll(ranked, i => target[i]), query.Key) is { } value) values.Add(value);
        }

        return tensor((float)Aggregated(values));
    }

    private double? Value(double[] preds, double[] target, long query)
    {
        if (!IsEmpty(target)) return Score(preds, target);
        return EmptyTargetAction switch
        {
            EmptyTargetAction.Neg => 0,
            EmptyTargetAction.Pos => 1,
            EmptyTargetAction.Skip => null,
            _ => throw new InvalidOperationException($"{GetName()}: query {query} has nothing to find among its {target.Length} documents. Choose another EmptyTargetAction to allow that."),
        };
    }

    private double Aggregated(List<double> values)
    {
        if (values.Count == 0) return 0;
        values.Sort();
        return Aggregation switch
        {
            QueryAggregation.Median => values[(values.Count - 1) / 2],
            QueryAggregation.Min => values[0],
            QueryAggregation.Max => values[^1],
            _ => values.Average(),
        };
    }

    private protected int Depth(int documents) => Math.Min(TopK ?? documents, documents);
}
