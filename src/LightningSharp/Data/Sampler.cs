using LightningSharp.Data.Sampling;

namespace LightningSharp.Data;

/// <summary>The ready-made orders.</summary>
public static class Sampler
{
    /// <summary>0, 1, 2, …</summary>
    /// <param name="count">Number of items.</param>
    public static ISampler Sequential(int count) => new SequentialSampler(NotNegative(count));

    /// <summary>Every item once, in another order each epoch; needs no memory however large the set.</summary>
    /// <param name="count">Number of items.</param>
    public static ISampler Random(int count) => new RandomSampler(NotNegative(count));

    /// <summary>Random items, each as often as its weight says, with replacement.</summary>
    /// <param name="weights">One weight per item, at least 0 and finite, not all 0; need not sum to 1.</param>
    /// <param name="count">Draws per epoch; null: as many as there are weights.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are 0.</exception>
    public static ISampler Weighted(IReadOnlyList<double> weights, int? count = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new WeightedSampler(weights, NotNegative(count ?? weights.Count));
    }

    /// <summary>Only some items, in the order given or shuffled each epoch.</summary>
    /// <param name="indices">The items.</param>
    /// <param name="shuffle">Whether the order changes with the epoch.</param>
    public static ISampler Subset(IReadOnlyList<int> indices, bool shuffle = false)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new SubsetSampler([.. indices], shuffle);
    }

    /// <summary>The part of an order that one of several processes reads: positions rank, rank + world, rank + 2 world, ….</summary>
    /// <param name="inner">The whole order; all processes must use the same seed.</param>
    /// <param name="rank">This process, from 0.</param>
    /// <param name="worldSize">Number of processes.</param>
    /// <param name="pad">
    /// Whether all processes get equally many items, the missing ones repeated from the start of the order, as training in step needs it;
    /// false: every item exactly once, as prediction needs it.
    /// </param>
    public static ISampler Distributed(ISampler inner, int rank, int worldSize, bool pad = true)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(worldSize);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, worldSize);
        return new DistributedSampler(inner, rank, worldSize, pad);
    }

    private static int NotNegative(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count;
    }
}
