using LightningSharp.Metrics.Clustering;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for clustering: one call, one value. Parameters as in the constructor of the metric named under "see also".
/// Gradients flow where the formula allows it.
/// </summary>
public static class ClusteringFunctions
{
    /// <summary>Mutual information beyond chance: 0 for random groupings, 1 for equal ones.</summary>
    /// <seealso cref="AdjustedMutualInfoScore"/>
    public static Tensor AdjustedMutualInfoScore(Tensor preds, Tensor target, AverageMethod averageMethod = AverageMethod.Arithmetic)
        => Stateless.Once(new AdjustedMutualInfoScore(averageMethod), (preds, target));

    /// <summary>The Rand index beyond chance: 0 for random groupings, 1 for equal ones.</summary>
    /// <seealso cref="AdjustedRandScore"/>
    public static Tensor AdjustedRandScore(Tensor preds, Tensor target)
        => Stateless.Once(new AdjustedRandScore(), (preds, target));

    /// <summary>Spread between groups over spread within: large for tight groups far apart.</summary>
    /// <seealso cref="CalinskiHarabaszScore"/>
    public static Tensor CalinskiHarabaszScore(Tensor data, Tensor labels)
        => Stateless.Once(new CalinskiHarabaszScore(), (data, labels));

    /// <summary>Whether all things of a true group are in one predicted group.</summary>
    /// <seealso cref="CompletenessScore"/>
    public static Tensor CompletenessScore(Tensor preds, Tensor target)
        => Stateless.Once(new CompletenessScore(), (preds, target));

    /// <summary>How much each group overlaps with the one most like it: small for tight groups far apart.</summary>
    /// <seealso cref="DaviesBouldinScore"/>
    public static Tensor DaviesBouldinScore(Tensor data, Tensor labels)
        => Stateless.Once(new DaviesBouldinScore(), (data, labels));

    /// <summary>The smallest distance of two centroids over the largest distance of a row from its own.</summary>
    /// <seealso cref="DunnIndex"/>
    public static Tensor DunnIndex(Tensor data, Tensor labels, double p = 2)
        => Stateless.Once(new DunnIndex(p), (data, labels));

    /// <summary>The geometric mean of precision and recall over pairs.</summary>
    /// <seealso cref="FowlkesMallowsIndex"/>
    public static Tensor FowlkesMallowsIndex(Tensor preds, Tensor target)
        => Stateless.Once(new FowlkesMallowsIndex(), (preds, target));

    /// <summary>Whether each predicted group holds things of one true group only.</summary>
    /// <seealso cref="HomogeneityScore"/>
    public static Tensor HomogeneityScore(Tensor preds, Tensor target)
        => Stateless.Once(new HomogeneityScore(), (preds, target));

    /// <summary>How much one grouping tells about the other, in nats.</summary>
    /// <seealso cref="MutualInfoScore"/>
    public static Tensor MutualInfoScore(Tensor preds, Tensor target)
        => Stateless.Once(new MutualInfoScore(), (preds, target));

    /// <summary>Mutual information relative to the groupings' entropies, 0 … 1.</summary>
    /// <seealso cref="NormalizedMutualInfoScore"/>
    public static Tensor NormalizedMutualInfoScore(Tensor preds, Tensor target, AverageMethod averageMethod = AverageMethod.Arithmetic)
        => Stateless.Once(new NormalizedMutualInfoScore(averageMethod), (preds, target));

    /// <summary>The share of pairs that both groupings treat alike, together or apart.</summary>
    /// <seealso cref="RandScore"/>
    public static Tensor RandScore(Tensor preds, Tensor target)
        => Stateless.Once(new RandScore(), (preds, target));

    /// <summary>The weighted harmonic mean of homogeneity and completeness.</summary>
    /// <seealso cref="VMeasureScore"/>
    public static Tensor VMeasureScore(Tensor preds, Tensor target, double beta = 1)
        => Stateless.Once(new VMeasureScore(beta), (preds, target));
}
