namespace LightningSharp.Data;

/// <summary>
/// The order in which a loader asks for items, as a pure function of (seed, epoch, position): nothing needs to be stored to go on from the middle of an epoch.
/// Ready-made ones come from <see cref="Sampler"/>.
/// </summary>
public interface ISampler
{
    /// <summary>Items per epoch.</summary>
    int Count { get; }

    /// <summary>Writes the indices at positions <c>start</c>, <c>start + 1</c>, … of an epoch. Called from several threads at once.</summary>
    /// <param name="seed">The loader's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="start">First position; <c>start + indices.Length</c> is at most <see cref="Count"/>.</param>
    /// <param name="indices">Where to write.</param>
    void Fill(long seed, int epoch, int start, Span<int> indices);
}
