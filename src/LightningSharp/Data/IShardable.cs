namespace LightningSharp.Data;

/// <summary>A loader that can read one process's part of its data.</summary>
internal interface IShardable
{
    /// <summary>Reads only the part of one process from the next epoch on; false if the loader cannot (streams, batches of the user's own making, an order that the user gave).</summary>
    /// <param name="rank">This process.</param>
    /// <param name="worldSize">Number of processes.</param>
    /// <param name="pad">Equal parts with repeats (training), or every item exactly once (prediction).</param>
    bool TryShard(int rank, int worldSize, bool pad);
}
