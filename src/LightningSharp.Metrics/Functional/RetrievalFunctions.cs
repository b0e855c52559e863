using LightningSharp.Metrics.Retrieval;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for retrieval: one call, one value. Parameters as in the constructor of the metric named under "see also".
/// Gradients flow where the formula allows it.
/// </summary>
public static class RetrievalFunctions
{
    /// <summary>The area under each query's ROC curve: the chance that a relevant document scores higher than an irrelevant one.</summary>
    /// <seealso cref="RetrievalAUROC"/>
    public static Tensor AUROC(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
        long? ignoreIndex = null,
        int? topK = null,
        double? maxFpr = null,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalAUROC(emptyTargetAction, ignoreIndex, topK, maxFpr, aggregation, validateArgs), (preds, target, indexes));

    /// <summary>The share of the irrelevant documents that are among the first topK: lower is better.</summary>
    /// <seealso cref="RetrievalFallOut"/>
    public static Tensor FallOut(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Pos,
        long? ignoreIndex = null,
        int? topK = null,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalFallOut(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs), (preds, target, indexes));

    /// <summary>The share of queries with something relevant among the first topK.</summary>
    /// <seealso cref="RetrievalHitRate"/>
    public static Tensor HitRate(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
        long? ignoreIndex = null,
        int? topK = null,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalHitRate(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs), (preds, target, indexes));

    /// <summary>Mean average precision: precision at the place of each relevant document, averaged.</summary>
    /// <seealso cref="RetrievalMAP"/>
    public static Tensor MAP(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
        long? ignoreIndex = null,
        int? topK = null,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalMAP(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs), (preds, target, indexes));

    /// <summary>Mean reciprocal rank: one over the place of the first relevant document.</summary>
    /// <seealso cref="RetrievalMRR"/>
    public static Tensor MRR(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
        long? ignoreIndex = null,
        int? topK = null,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalMRR(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs), (preds, target, indexes));

    /// <summary>Normalised discounted cumulative gain: graded relevance, counting less further down.</summary>
    /// <seealso cref="RetrievalNormalizedDCG"/>
    public static Tensor NormalizedDCG(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
        long? ignoreIndex = null,
        int? topK = null,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalNormalizedDCG(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs), (preds, target, indexes));

    /// <summary>The share of relevant documents among the first topK.</summary>
    /// <seealso cref="RetrievalPrecision"/>
    public static Tensor Precision(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
        long? ignoreIndex = null,
        int? topK = null,
        bool adaptiveK = false,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalPrecision(emptyTargetAction, ignoreIndex, topK, adaptiveK, aggregation, validateArgs), (preds, target, indexes));

    /// <summary>Precision at the number of relevant documents.</summary>
    /// <seealso cref="RetrievalRPrecision"/>
    public static Tensor RPrecision(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
        long? ignoreIndex = null,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalRPrecision(emptyTargetAction, ignoreIndex, aggregation, validateArgs), (preds, target, indexes));

    /// <summary>The share of the relevant documents that are among the first topK.</summary>
    /// <seealso cref="RetrievalRecall"/>
    public static Tensor Recall(
        Tensor preds,
        Tensor target,
        Tensor indexes,
        EmptyTargetAction emptyTargetAction = EmptyTargetAction.Neg,
        long? ignoreIndex = null,
        int? topK = null,
        QueryAggregation aggregation = QueryAggregation.Mean,
        bool validateArgs = true)
        => Stateless.Once(new RetrievalRecall(emptyTargetAction, ignoreIndex, topK, aggregation, validateArgs), (preds, target, indexes));
}
