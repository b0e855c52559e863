namespace LightningSharp.Data.Sampling;

/// <summary>The order of a loader: the user's sampler, or the data set's own length shuffled or not; and which part of it this process reads.</summary>
internal sealed class LoaderOrder(IDataset dataset, ISampler? sampler, bool shuffle)
{
    private (int Rank, int WorldSize, bool Pad)? _shard;

    public bool Shuffle { get; private set; } = shuffle;

    /// <summary>Made anew for each use, because the length of a data set may change between epochs.</summary>
    public ISampler Sampler
    {
        get
        {
            var whole = sampler ?? (Shuffle ? new RandomSampler(dataset.Count) : new SequentialSampler(dataset.Count));
            return _shard is { } part ? new DistributedSampler(whole, part.Rank, part.WorldSize, part.Pad) : whole;
        }
    }

    public void UseSequential() => Shuffle = false;

    public void Shard(int rank, int worldSize, bool pad) => _shard = (rank, worldSize, pad);
}
