namespace LightningSharp.Data.Sampling;

internal sealed class DistributedSampler(ISampler inner, int rank, int worldSize, bool pad) : ISampler
{
    public int Count => pad ? (inner.Count + worldSize - 1) / worldSize : (inner.Count - rank + worldSize - 1) / worldSize;

    public void Fill(long seed, int epoch, int start, Span<int> indices)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            long position = ((long)(start + i) * worldSize) + rank;
            inner.Fill(seed, epoch, (int)(position % inner.Count), indices.Slice(i, 1));
        }
    }
}
