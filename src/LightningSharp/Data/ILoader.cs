namespace LightningSharp.Data;

/// <summary>
/// What a loader may offer beyond <see cref="IEnumerable{T}"/>. The Trainer also takes any enumerable; then the length comes from the collection
/// interfaces where there is one, and the order is whatever the enumerable gives.
/// </summary>
public interface ILoader
{
    /// <summary>Batches per epoch, or null when unknown (streams).</summary>
    int? BatchCount { get; }

    /// <summary>Called before each epoch, so that shuffling differs from epoch to epoch but is the same function of (seed, epoch).</summary>
    void SetEpoch(int epoch);
}
